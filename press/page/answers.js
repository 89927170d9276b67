// What is kept of the answers in listings, for the page and for what runs them: the words of a verdict, and the drafts.

// As the book's Python prints them, too.
export const WORDS = { right: "Right", "not yet": "Not yet", "not answered": "Not answered yet" };

export const MOST = 10; // drafts that are kept

// Drafts and others, each text once, the last at the end.
export function joined(some, others) {
  const all = [...some.filter(({ code }) => !others.some((one) => one.code === code)), ...others];
  return all.sort(({ at = "" }, { at: other = "" }) => at.localeCompare(other));
}

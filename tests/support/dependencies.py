"""Run listings as a page does, by its dependencies.js and kernel.py, but in a Python here: many cases a second."""

import json
from types import SimpleNamespace

from press.notebooks.chapters import ROOT

OPEN = (ROOT / "tests" / "support" / "scene.js").read_text(encoding="utf-8")


def open_scene(page, ask, codes):
    """Listings with these codes, none of which has run; dependencies.js runs in `page`, and `ask` is that of `open_kernel`.

    Returns an object with two functions. press(i) runs listing i, counted from 0, after those that it needs. It returns what that
    has `printed` when it ran last, the list of those that `ran` for it, and the set of those that are `fresh`: their results are
    those of the code above them. edit(i, code) gives listing i another code, and returns that set.
    """
    codes, printed = [*codes], {}

    def facts(code):
        return {**json.loads(ask("facts", code)[0]), "code": code}

    def run(i, unknown, drawn_after):
        given, printed[i] = ask("run", i, codes[i], unknown, drawn_after)
        result = json.loads(given)
        assert result["how"] == "ran", printed[i]
        return result["changed"]

    def press(target):
        done, step = [], page.evaluate("(target) => scene.next(target, [])", target)
        while step:
            changed = run(*step)
            done.append(step[0])
            step, up_to_date = page.evaluate("(run) => scene.end(...run)", [target, done, changed])
        return SimpleNamespace(printed=printed[target], ran=done, fresh=set(up_to_date))

    def edit(i, code):
        codes[i] = code
        return set(page.evaluate("(edit) => scene.edit(...edit)", [i, code, facts(code)]))

    ask("start_over")
    page.evaluate(OPEN, [{"code": code, "facts": facts(code)} for code in codes])
    return SimpleNamespace(press=press, edit=edit)

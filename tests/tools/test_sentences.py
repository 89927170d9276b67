"""What the page itself says, in another language: the sentences that a script has, and what the build puts in their place."""

import re

import pytest

from press.book import sentences

SCRIPTS = sentences.own_scripts()
# What stands before a string that a script shows
SHOWN = re.compile(
    r"""(?:textContent(?::\ |\ \+?=\ )|\bbutton\(|\blabel:\ |ariaLabel:\ |title:\ |"aria-label",\ )(?:[^"`;,\n]*\ [?:]\ )?$""",
    re.VERBOSE,
)


def strings(script):
    """All strings of a script, also those in the codes of others: (what stands before it in its line, its text)."""
    for literal in sentences.literals(script):
        yield script[: literal.start].rpartition("\n")[2], sentences.without_codes(literal.text)
        for start, end in literal.codes:
            yield from strings(script[start:end])


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_read_whole(path):
    script = path.read_text(encoding="utf-8")
    assert sentences.translated(script, lambda sentence: sentence) == script


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_what_a_script_shows_can_be_translated(path):
    script = path.read_text(encoding="utf-8")
    english = [
        text
        for before, text in strings(script)
        if SHOWN.search(before)
        and re.search("[a-z]{3}", text)
        and not sentences.is_sentence(text, before, "")
        and text != "network.py"
    ]
    assert english == []


@pytest.mark.parametrize(
    "script, expected",
    [
        ('say("Run all")', "say(`RUN ALL`)"),
        ("say(`Row ${row}, column ${at({ x: '}' })}`)", "say(`ROW ${row}, COLUMN ${at({ x: '}' })}`)"),
        ("say(`Ran.${left ? ` Left: ${left}` : ''}`)", "say(`RAN.${left ? ` LEFT: ${left}` : ''}`)"),
        ('say("One sentence " + `in ${n} parts.`)', "say(`ONE SENTENCE IN ${n} PARTS.`)"),
        ('say(/* said */ "waiting")', "say(/* said */ `WAITING`)"),
        ("a.innerHTML = `<b title='Run'>Run ${all}</b>`", "a.innerHTML = `<b title='Run'>RUN ${all}</b>`"),
        (r'say("The \"book\"\n`it`")', 'say(`THE \\"BOOK\\"\\n\\`IT\\``)'),
        ('find("article h1"); on(key === "Enter"); /["Run]/.test(x)', None),
        ('// "Run all"\nadd({ class: "Big", "Not this": 1 })', None),
    ],
)
def test_the_build_puts_translations_in_the_place_of_sentences(script, expected):
    def upper(sentence):
        return re.sub(r"[a-z]+", lambda word: word[0].upper(), sentence)

    assert sentences.translated(script, upper) == (expected or script)


def test_the_catalogue_has_what_scripts_templates_and_the_build_say():
    catalogue = sentences.spoken_by_the_page()
    said = (
        "Run listing {0}",
        "My course: save, load",
        "Set-up, {0} lines",
        "What does a hidden unit look for?",
        "The book's figure: ",
        "read to the end",
        "yours: ",
    )
    assert all(sentence in catalogue for sentence in said)
    assert {place.split("/")[0] for message in catalogue for place, _ in message.locations} == {"press", "web", "tools"}


def test_a_translation_that_has_lost_a_place_is_named(tmp_path, monkeypatch):
    path = tmp_path / "xx/LC_MESSAGES/page.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Listing {0}"\nmsgstr "Zelle"\n', encoding="utf-8")
    monkeypatch.setattr(sentences, "LANGUAGE", "xx")
    monkeypatch.setattr(sentences, "LOCALE", tmp_path)
    with pytest.raises(SystemExit, match="Zelle"):
        sentences.translations.__wrapped__()


def test_nothing_is_translated_in_the_english_book():
    assert sentences.LANGUAGE == "en" and sentences.translations() == {}

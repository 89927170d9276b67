"""What the page itself says, in another language: the sentences that a script has, and what the build puts in their place."""

import re

import pytest

from press.book import sentences

pytestmark = pytest.mark.any_prose

SCRIPTS = [path for path in sentences.files_that_speak() if path.suffix == ".js"]
# A string that a script shows, without the mark of a sentence
UNMARKED = re.compile(
    r"""(?:textContent(?::\ |\ \+?=\ )|\bbutton\(|\blabel:\ |ariaLabel:\ |title:\ |"aria-label",\ )(?:[^"`;,\n]*\ [?:]\ )?
    (?:"([^"]+)"|(?<!_)`([^`]+)`)""",
    re.VERBOSE,
)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_has_no_mark_left_and_its_sentences_as_they_are(path):
    script = path.read_text(encoding="utf-8")
    made, found = sentences.translated(script), sentences.sentences(script)
    assert not re.search(r"\b_`", made) and len(found) == len(sentences.SENTENCE.findall(script))
    assert len(script) - len(made) >= len(found), "a mark is one letter"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_what_a_script_shows_can_be_translated(path):
    shown = [one or other for one, other in UNMARKED.findall(path.read_text(encoding="utf-8"))]
    words = [text for text in shown if re.search("[a-z]{3}", re.sub(sentences.CODE, "", text))]
    assert [text for text in words if text != "network.py"] == []


@pytest.mark.parametrize(
    "script, expected",
    [
        ("say(_`Run all`)", "say(`RUN ALL`)"),
        ("say(_`Row ${row}, column ${at(`x`, y)}`)", None),
        ("say(_`Row ${row}, column ${at('x')}`)", "say(`ROW ${row}, COLUMN ${at('x')}`)"),
        ("say(_`Ran.` + (left ? _` Left: ${left}` : ''))", "say(`RAN.` + (left ? ` LEFT: ${left}` : ''))"),
        ("say(_`One sentence ` +\n  _`in ${n} parts.`)", "say(`ONE SENTENCE IN ${n} PARTS.`)"),
        ("a.innerHTML = `<b title='Run'>${_`Run ${all}`}</b>`", "a.innerHTML = `<b title='Run'>RUN ${all}</b>`"),
        (r'say(_`The "book"\n\`it\``)', None),
        (r'say(_`The "book"\nit`)', r"say(`THE \"BOOK\"\nIT`)"),
        ('say("Run all"); const other_ = `x`, [_, y] = z', 'say("Run all"); const other_ = `x`, [_, y] = z'),
    ],
)
def test_the_build_puts_translations_in_the_place_of_sentences(script, expected):
    def upper(sentence):
        return re.sub(r"[a-z]+", lambda word: word[0].upper(), sentence)

    if expected:
        assert sentences.translated(script, upper) == expected
    else:
        with pytest.raises(ValueError):
            sentences.translated(script, upper)


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

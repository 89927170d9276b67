"""Run listings as a page does, by its dependencies.js and kernel.py, but in a Python here: many cases a second."""

import itertools
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


def run_in_each_order(page, ask, codes):
    """Assert that three listings give in each order of runs what they give from top to bottom, and that a repeated run with the
    same code makes no other listing old.
    """
    fresh = open_scene(page, ask, codes)
    right = [fresh.press(i).printed for i in range(len(codes))]
    for order in itertools.permutations(range(len(codes))):
        scene, before = open_scene(page, ask, codes), set()
        for i in (*order, 1, 1, 0, 2, 1):
            pressed = scene.press(i)
            assert pressed.printed == right[i], order
            assert before | {i} <= pressed.fresh, order
            before = pressed.fresh

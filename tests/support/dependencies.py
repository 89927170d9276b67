"""Run listings as a page does, by its dependencies.js and effects.py, but in this Python: many cases a second."""

import ast
import contextlib
import importlib.util
import io
from types import SimpleNamespace

from press.notebooks.chapters import ROOT

spec = importlib.util.spec_from_file_location("effects", ROOT / "press" / "run" / "effects.py")
effects = importlib.util.module_from_spec(spec)
spec.loader.exec_module(effects)
effects.sys = SimpleNamespace(modules={})  # it asks the page's engine for its random numbers, and here is MXNet

OPEN = (ROOT / "tests" / "support" / "scene.js").read_text(encoding="utf-8")


def open_scene(page, codes):
    """Listings with these codes, none of which has run; dependencies.js runs in `page`.

    Returns an object with two functions. press(i) runs listing i, counted from 0, after those that it needs. It returns what that
    has `printed` when it ran last, the list of those that `ran` for it, and the set of those that are `fresh`: their results are
    those of the code above them. edit(i, code) gives listing i another code, and returns that set.
    """
    codes, namespace, printed, random_after = [*codes], {}, {}, {}
    known = effects.marks(namespace)
    page.evaluate(OPEN, [{"code": code, "facts": facts(code)} for code in codes])

    def run(i, unknown, drawn_after):  # as kernel.run does
        nonlocal known
        if drawn_after in random_after:
            effects.restore_random_state(random_after[drawn_after])
            known[effects.RANDOM] = effects.random_mark()
        for name in unknown:
            namespace.pop(name, None)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(codes[i], namespace)
        before, known = known, effects.marks(namespace)
        changed = effects.changed(before, known)
        if effects.RANDOM in changed:
            random_after[i] = effects.random_state()
        printed[i] = out.getvalue()
        return changed

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

    return SimpleNamespace(press=press, edit=edit)


def facts(code):
    """What a page knows of a listing's code."""
    return {**effects.facts(ast.parse(code)), "code": code}

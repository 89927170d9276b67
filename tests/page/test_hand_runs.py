"""The picture in the hand on the runs: its arithmetic compared with its chapter's; driven by mouse and keys."""

import re

import numpy as np
import pytest

from tests.support.hand import computed, numbers, says

pytestmark = pytest.mark.any_prose

PAGE = "17_compare"


def test_trials_are_numpys_and_the_interval_is_students(desk):
    runs = """(() => {
        const state = { ...argument, trials: {} };
        picture.add(state);
        picture.add(state);
        return state.trials[picture.key(state)][0].runs;
    })()"""
    np.random.seed(1)
    assert computed(desk, runs, ["runs", {"n": 5, "gain": 0.5}]) == pytest.approx(np.random.normal(0.5, size=5))
    chance = np.random.RandomState(0).normal(size=(20000, 3))
    measured = np.percentile(abs(chance.mean(axis=1)) / chance.std(axis=1, ddof=1), 95)
    assert computed(desk, "picture.byChance(3)", ["runs", None]) == pytest.approx(measured, rel=0.05)
    assert computed(desk, "picture.byChance(35)", ["runs", None]) == pytest.approx(2.0322 / 35**0.5, rel=1e-3)


def test_start_again_ends_what_plays(visit):
    page = visit("runs", reduced_motion="no-preference")
    page.get_by_role("button", name="100 trials").click()
    page.get_by_text(re.compile(r"^(?!20 )\d+ trials of 3 runs")).wait_for()
    page.get_by_role("button", name="Start again").click()
    frames = page.evaluate(TEN_FRAMES)
    assert frames > 100 and says(page).startswith("20 trials of 3 runs"), "what plays makes a trial in 50 milliseconds"


# The milliseconds that ten frames or more take, more than a tenth of a second.
TEN_FRAMES = """() => new Promise((done) => {
    let first, count = 0;
    const next = (now) => ((first ??= now), ++count >= 10 && now - first > 100 ? done(now - first) : requestAnimationFrame(next));
    requestAnimationFrame(next);
})"""


def test_a_trial_of_nothing_that_leaves_out_0_is_a_false_alarm(visit):
    page = visit("runs")
    assert says(page) == "20 trials of 3 runs: the interval lies above 0 in 0, below 0 in 0: no false alarm yet."
    page.get_by_role("button", name="100 trials").click()
    *_, above, _, below, alarms = numbers(page)
    assert alarms == above + below > 1


def test_more_runs_settle_more(visit):
    page = visit("runs")
    page.locator("figure .hand-controls").get_by_text("a spread", exact=True).click()
    page.get_by_role("button", name="100 trials").click()
    few = numbers(page)  # of twenty trials and a hundred more
    page.locator("figure .hand-controls label").get_by_text("10", exact=True).click()
    page.get_by_role("button", name="100 trials").press("Enter")
    many = numbers(page)
    assert few[:2] == [120, 3] and many[:2] == [120, 10]
    assert 0.08 <= few[3] / 120 <= 0.3 and 0.68 <= many[3] / 120 <= 0.92, "about 18 and 81 of 100, as the chapter says"
    page.get_by_role("button", name="One trial").click()
    assert numbers(page)[0] == 121

"""The tables of mistakes test themselves: a function with a mistake is told the sentence of its own row."""

import pytest

from utils.judges.all_judges import judges, verdict_on

pytestmark = [pytest.mark.own_engine, pytest.mark.mxnet_weekly]
TABLES = {name: judge.mistakes for name, judge in judges().items() if hasattr(judge, "mistakes")}


def answers(name, mistake):
    """What is judged: the function with the mistake, and beside it the right ones that a problem asks for too."""
    right = getattr(judges()[name], "answers", [mistake])
    return [mistake if function.__name__ == mistake.__name__ else function for function in right]


@pytest.mark.parametrize("name", TABLES)
def test_each_mistake_is_told_its_own_sentence(name):
    told = {why: verdict_on(name, *answers(name, function)) for why, function in TABLES[name].items()}
    assert {why: str(verdict) for why, verdict in told.items() if (verdict.kind, verdict.why) != ("not yet", why)} == {}

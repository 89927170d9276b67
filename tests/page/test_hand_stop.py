"""The picture in the hand on where to stop: its arithmetic compared with its chapter's; driven by mouse and keys."""

import json
import re

import numpy as np
import pytest

from tests.support.hand import drag, numbers, says
from tools.experiments import stopping

pytestmark = pytest.mark.any_prose

PAGE = "16_generalise"


def test_the_curves_are_the_chapters_training(desk):
    """Its first epochs, trained here; by then other processors' last digits have not grown."""
    rows, probabilities, X, y = stopping.run(num_epochs=8)
    stored = json.loads(re.search(r"default ({.*});", stopping.FILE.read_text("utf-8"), re.S)[1])
    for name, values in zip(("train_loss", "train_acc", "valid_loss", "valid_acc"), rows.T):
        assert stored[name][:8] == pytest.approx(values.tolist(), abs=0.02), name
    assert stored["won"][-1] == stored["lost"][-1] == 0
    for image in stored["images"]:
        [place] = [i for i in np.flatnonzero(y == image["label"]) if stopping.packed(X[i]) == image["pixels"]]
        of_label = probabilities[:, place].max(axis=1)
        assert np.mean(image["sure"][:8]) == pytest.approx(100 * of_label.mean(), abs=4)


def test_patience_decides_which_low_is_kept(visit):
    page, kept = visit("stop"), {}
    for patience in (3, 5, 10, 30):
        page.locator("figure .hand-controls label").get_by_text(str(patience), exact=True).click()
        kept[patience] = int(numbers(page)[0])
    assert kept == {3: 14, 5: 21, 10: 42, 30: 42}


def test_the_stop_is_dragged_and_moved_by_keys_and_images_change_sides(visit):
    page = visit("stop")
    marks = page.locator("figure [data-hand=stop] path:is(.third, .soft).fill")
    right = "(marks) => marks.map((mark) => mark.matches('.third') && mark.getAttribute('d').startsWith('M0 5.7'))"
    assert marks.evaluate_all(right) == [True] * 4 + [False] * 4
    stop = page.get_by_role("slider", name="stop after epoch")
    stop.press("ArrowRight")
    assert numbers(page)[0] == 43 and not page.get_by_role("radio", name="10", exact=True).is_checked()
    drag(page, "stop", 60, 0)
    assert 55 < numbers(page)[0] < 75
    stop.press("End")
    assert marks.evaluate_all(right) == [False] * 4 + [True] * 4
    assert "0 of the 3,000 go from right to wrong, and 0 from wrong" in says(page)

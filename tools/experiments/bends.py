"""Train the bends of chapter 9 for longer, with shorter steps: `make bends` (a minute).

Writes utils/results/bends.json, which the chapter reads: after how many steps the loss, the largest distance, and the bends.
"""

import numpy as np

from press.notebooks.definitions import taken_from
from tools.experiments.results import write_result

curve, places, x, target, train_bends = taken_from("09_descent", "curve", "places", "x", "target", "train_bends")
LR, MOMENTS = 0.003, (10000, 40000)


def main():
    rows = []
    for step, (path, bends) in train_bends(MOMENTS, lr=LR).items():
        errors = np.abs(path - curve(places))
        rows.append({"steps": step, "loss": round(float((errors**2).mean()), 4), "farthest": round(float(errors.max()), 3)})
        rows[-1]["bends"] = [round(float(bend), 2) for bend in bends]
        print(rows[-1], flush=True)
    write_result("bends", {"lr": LR, "rows": rows})


if __name__ == "__main__":
    main()

"""Train networks with one and with two hidden layers from He's rule, with ten seeds each: `make depth` (5 minutes).

Writes utils/results/depth.json, which the solutions read: validation accuracies after five epochs on 50,000 images.
"""

from press.notebooks.definitions import taken_from
from tools.experiments.results import write_result
from utils import evaluate_accuracy, init_layers, load_validation_split, seed_everything, sgd, softmax_cross_entropy, train_epoch

[layers_net] = taken_from("24_solutions_change", "layers_net")
SEEDS, NUM_EPOCHS, BATCH_SIZE = range(10), 5, 256
LAYERS = {"784-256-10": [(784, 256), (256, 10)], "784-256-128-10": [(784, 256), (256, 128), (128, 10)]}


def accuracy(sizes, lr, seed, train_iter, valid_iter):
    """The validation accuracy of a network trained from one seed."""
    seed_everything(seed)
    params = init_layers(sizes)
    for _ in range(NUM_EPOCHS):
        train_epoch(lambda X: layers_net(X, params), train_iter, softmax_cross_entropy, lambda: sgd(params, lr, BATCH_SIZE))
    return round(float(evaluate_accuracy(valid_iter, lambda X: layers_net(X, params))), 4)


def main():
    train_iter, valid_iter = load_validation_split(BATCH_SIZE)
    runs = []
    for lr in (0.1, 0.3):
        for name, sizes in LAYERS.items():
            accs = [accuracy(sizes, lr, seed, train_iter, valid_iter) for seed in SEEDS]
            runs.append({"network": name, "lr": lr, "valid_acc": accs})
            print(runs[-1], flush=True)
    write_result("depth", {"runs": runs})


if __name__ == "__main__":
    main()

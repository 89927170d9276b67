"""Time epochs of the course's loop: `make bench` does so on both engines, in turns, as other work on the machine slows both.

An epoch trains on the 60,000 training images, then measures the accuracy on the 10,000 test images.
"""

import statistics
import time

import utils

from mxnet import nd  # isort: skip

EPOCHS, BATCH_SIZE, LR = 3, 256, 0.5


def main():
    train_iter, test_iter = utils.load_data_fashion_mnist(BATCH_SIZE)
    utils.seed_everything(42)
    params = utils.init_params()

    def net(X):
        return utils.mlp(X, params)

    seconds = []
    for _ in range(EPOCHS + 1):
        start = time.perf_counter()
        utils.train_epoch(net, train_iter, utils.softmax_cross_entropy, lambda: utils.sgd(params, LR, BATCH_SIZE))
        utils.evaluate_accuracy(test_iter, net)
        nd.waitall()
        seconds.append(time.perf_counter() - start)
    median = statistics.median(seconds[1:])  # the first warms up
    print(f"{utils.engine_name:6} {median:6.2f} s an epoch, median of {EPOCHS}", flush=True)


if __name__ == "__main__":
    main()

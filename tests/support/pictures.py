"""The chapters of the pictures in the hand, for those files of tests that count all of them."""

PAGES = {
    "bends": "03_activation",
    "scores": "05_loss",
    "landscape": "09_descent",
    "graph": "10_autograd",
    "boot": "11_backpropagation",
    "arrays": "12_autograd_arrays",
    "stop": "16_generalise",
    "runs": "17_compare",
    "window": "18_convolution",
}

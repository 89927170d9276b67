"""The slots: functions of the network that the reader writes, each with a judge that says what is wrong with this one.

A judge calls the function with small inputs of its own, and compares what comes out with the book's function and with common
mistakes (`judging.judging`). It returns the sentence for a right one, and else raises a Verdict. It never looks at the source.
"""

from .activation import judge_relu
from .autograd import judge_backward, judge_Node
from .autograd_arrays import judge_dot_dA, judge_dot_dB, judge_summed_to
from .backpropagation import judge_backward_by_hand, judge_central_difference, judge_forward, judge_loss_and_dO
from .gluon import judge_gluon_mlp
from .loss import judge_cross_entropy, judge_softmax, judge_softmax_cross_entropy
from .model import judge_linear_net, judge_mlp, judge_predict
from .parameters import judge_init_params
from .training import judge_accuracy, judge_evaluate_accuracy, judge_sgd, judge_train_ch3, judge_train_epoch

# In the order of the course.
SLOTS = {
    "init_params": judge_init_params,
    "relu": judge_relu,
    "mlp": judge_mlp,
    "cross_entropy": judge_cross_entropy,
    "softmax": judge_softmax,
    "softmax_cross_entropy": judge_softmax_cross_entropy,
    "sgd": judge_sgd,
    "train_epoch": judge_train_epoch,
    "accuracy": judge_accuracy,
    "evaluate_accuracy": judge_evaluate_accuracy,
    "train_ch3": judge_train_ch3,
    "predict": judge_predict,
    "Node": judge_Node,
    "backward": judge_backward,
    "forward": judge_forward,
    "loss_and_dO": judge_loss_and_dO,
    "backward by hand": judge_backward_by_hand,
    "central_difference": judge_central_difference,
    "dot_dA": judge_dot_dA,
    "dot_dB": judge_dot_dB,
    "summed_to": judge_summed_to,
    "gluon_mlp": judge_gluon_mlp,
    "linear_net": judge_linear_net,
}

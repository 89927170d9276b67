"""The array: NumPy's numbers, with MXNet's operators, types, printing and errors around them."""

import contextlib
import numbers as kinds

import numpy as np

from . import context
from .autograd import Array, Leaf, apply, backward, is_recorded, state
from .base import MXNetError, failed, require

IN_PLACE = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.true_divide, "modulo": np.mod}
IN_A_GRAPH = (
    "AGInfo: :IsNone(*output): Assigning to NDArrays that are already in a computational graph will cause undefined behavior "
    "when evaluating gradients. Please call backward first to clear the graph or do this out side of a record section. Also note "
    "that you cannot use inplace operations like +=, *=, relu(x, out=x), y[idx]=x, etc inside a record section."
)
NOT_WHILE_RECORDING = (
    "AGInfo: :IsNone(*output): Inplace operations (+=, -=, x[:]=, etc) are not supported when recording with autograd."
)


def brackets(shape):
    """A shape as MXNet's errors write it: [2,3]."""
    return f"[{','.join(map(str, shape))}]"


def number_or_array(x):
    """`x`, if an operator can take it: an array, or a number of Python's, which leaves the type of the other side as it is."""
    if isinstance(x, Array):
        return x
    if isinstance(x, kinds.Number) and not isinstance(x, complex):
        return x if isinstance(x, int) else float(x)
    raise TypeError(f"type {type(x)} not supported")


def require_one_type(arrays):
    """Raise MXNetError unless all `arrays` hold numbers of the same type: MXNet mixes none."""
    for i, array in enumerate(arrays[1:], start=1):
        if array.data.dtype != arrays[0].data.dtype:
            raise failed(
                "assign(&dattr, vec.at(i)): Incompatible attr in node  at "
                f"{i}-th input: expected {arrays[0].data.dtype}, got {array.data.dtype}"
            )


def shapes_differ(arrays):
    """The error for arrays that don't fit together."""
    shapes = " ".join(brackets(array.shape) for array in arrays)
    return failed(f"l == 1 || r == 1: operands could not be broadcast together with shapes {shapes}")


def operate(name, *inputs, **options):
    """The operation `name` of the table on arrays of one type and numbers; the result has the type of the arrays."""
    arrays = [x for x in inputs if isinstance(x, Array)]
    require_one_type(arrays)
    try:
        # While recording NumPy is quiet already.
        with contextlib.nullcontext() if state.recording else np.errstate(all="ignore"):
            result = apply(name, *inputs, **options)
    except ValueError as error:
        raise shapes_differ(arrays) if "broadcast" in str(error) else MXNetError(f"MXNetError: {name}: {error}") from None
    return like(arrays[0], result)


def like(array, result):
    """`result` in the type of `array` (in MXNet 3 / 2 is 1, a comparison of float32 gives float32), with at least one axis."""
    data = result.data.astype(array.data.dtype, copy=False)
    return NDArray(data if data.shape else data.reshape(1), result.note)


def owned(result):
    """`result`, copied if it is a view with gaps: in MXNet two arrays share memory only where it is in one piece."""
    if not result.data.flags.c_contiguous:
        result.data = result.data.copy()
    return result


def operator(name, swapped=False):
    """A method for an operator of two sides."""

    def method(self, other):
        other = number_or_array(other)
        return operate(name, other, self) if swapped else operate(name, self, other)

    return method


def in_place(name):
    """A method for an operator such as +=, which changes the array itself."""

    def method(self, other):
        other = number_or_array(other)
        arrays = [self, other] if isinstance(other, Array) else [self]
        self.require_free()
        require_one_type(arrays)
        if state.recording and arrays[-1].note:
            raise failed(NOT_WHILE_RECORDING)
        try:
            with np.errstate(all="ignore"):
                IN_PLACE[name](self.data, arrays[1].data if len(arrays) > 1 else other, out=self.data, casting="unsafe")
        except ValueError:
            raise cant_be_changed(arrays) from None
        return self

    return method


def cant_be_changed(arrays):
    """The error for an array that can't take in another one."""
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        return shapes_differ(arrays)
    return MXNetError(f"MXNetError: Shape inconsistent, Provided = {brackets(arrays[0].shape)}, inferred shape={brackets(shape)}")


def as_index(key):
    """What stands in square brackets, with arrays of whole numbers in the place of NDArrays."""
    if isinstance(key, tuple):
        return tuple(map(as_index, key))
    if isinstance(key, Array):
        return key.data.astype(np.intp)
    if isinstance(key, (list, np.ndarray)):
        return np.asarray(key).astype(np.intp)
    return key


class NDArray(Array):
    """An array of numbers of one type, float32 unless told otherwise. Make one with `nd.array`, `nd.zeros` ..."""

    __hash__ = object.__hash__
    __array_ufunc__ = None  # NumPy's operators leave `numpy_array + ndarray` to the methods here

    __add__, __radd__, __iadd__ = operator("add"), operator("add"), in_place("add")
    __sub__, __rsub__, __isub__ = operator("subtract"), operator("subtract", swapped=True), in_place("subtract")
    __mul__, __rmul__, __imul__ = operator("multiply"), operator("multiply"), in_place("multiply")
    __truediv__, __rtruediv__, __itruediv__ = operator("divide"), operator("divide", swapped=True), in_place("divide")
    __mod__, __rmod__, __imod__ = operator("modulo"), operator("modulo", swapped=True), in_place("modulo")
    __pow__, __rpow__ = operator("power"), operator("power", swapped=True)
    __eq__, __ne__ = operator("equal"), operator("not_equal")
    __lt__, __le__ = operator("lesser"), operator("lesser_equal")
    __gt__, __ge__ = operator("greater"), operator("greater_equal")

    def attach_grad(self, grad_req="write"):
        """Set memory aside for the gradient. A backward replaces it ("write"), adds to it ("add") or leaves it ("null")."""
        self.note = Leaf(NDArray(np.zeros_like(self.data)), {"write": "write", "add": "add", "null": "null"}[grad_req])

    @property
    def grad(self):
        """The gradient, an array of the same shape; None without `attach_grad`."""
        return self.note.grad if isinstance(self.note, Leaf) else None

    def backward(self, out_grad=None, retain_graph=False, train_mode=True):
        """Walk back from here, and give each array with `attach_grad` the gradient of the sum of these numbers.

        `out_grad`, an array of the same shape, weighs the terms of the sum. Raises MXNetError when nothing was recorded.
        """
        backward([self], [out_grad], retain_graph)

    def __neg__(self):
        return operate("negative", self)

    def __abs__(self):
        return operate("abs", self)

    @property
    def shape(self):
        """The number of rows, columns ..., a tuple."""
        return self.data.shape

    @property
    def size(self):
        """How many numbers there are."""
        return self.data.size

    @property
    def ndim(self):
        """The number of axes."""
        return self.data.ndim

    @property
    def dtype(self):
        """The type of the numbers, a class of NumPy's."""
        return self.data.dtype.type

    @property
    def context(self):
        """Where the array lives."""
        return context.cpu()

    ctx = context

    @property
    def T(self):
        """The axes in reverse order: the transpose of a matrix."""
        return owned(operate("transpose", self, axes=tuple(reversed(range(self.ndim)))))

    def __repr__(self):
        return f"\n{self.asnumpy()}\n<NDArray {'x'.join(map(str, self.shape))} @{self.context}>"

    def __len__(self):
        return len(self.data)

    def __bool__(self):
        if self.size > 1:
            raise ValueError("The truth value of an NDArray with multiple elements is ambiguous.")
        return self.size == 1 and bool(self.data.item())

    def __getitem__(self, key):
        key = key if isinstance(key, tuple) else (key,)
        index = as_index(key if any(part is ... for part in key) else (*key, ...))  # "..." makes even a single number a view
        return owned(operate("getitem", self, index=index))

    def __setitem__(self, key, value):
        self.require_free()
        key = as_index(key)
        if state.recording and getattr(value, "note", None):
            require(key == slice(None), "the own engine can't follow a gradient into a part of an array: use concat or stack.")
            result = operate("broadcast_to", value, shape=self.shape)
            self.data[...], self.note = result.data, result.note
        else:
            value = value.data if isinstance(value, Array) else value
            value = np.reshape(value, ()) if np.size(value) == 1 else value  # one number fits everywhere
            self.data[key] = np.broadcast_to(value, np.shape(self.data[key]))

    def __array__(self, dtype=None, copy=None):
        return self.asnumpy() if dtype is None else self.asnumpy().astype(dtype)

    def require_free(self):
        """Raise MXNetError if a change in place would spoil a gradient."""
        require(not (state.recording and is_recorded(self.note)), IN_A_GRAPH)

    def asnumpy(self):
        """The numbers as a NumPy array of their own."""
        return self.data.copy()

    def asscalar(self):
        """The number of an array that holds only one. Raises ValueError for another array."""
        if self.size != 1:
            raise ValueError("The current array is not a scalar")
        return self.data.reshape(-1)[0]

    def astype(self, dtype, copy=True):
        """The numbers in another type, such as "int32" (which cuts off decimals) or "float32"."""
        return operate_as(dtype, self) if copy or self.data.dtype != np.dtype(dtype) else self

    def copy(self):
        """A new array of the same numbers. It has no gradient of its own."""
        return operate("copy", self)

    def copyto(self, other):
        """Write the numbers into the array `other`, or make a new one on the device `other`."""
        if isinstance(other, context.Context):
            return self.as_in_context(other).copy()
        other[:] = self
        return other

    def detach(self):
        """The same numbers, through which no gradient comes back."""
        return NDArray(self.data)

    def as_in_context(self, ctx):
        """The array on the device `ctx`, which is the one where it is."""
        context.require_cpu(ctx)
        return self

    def wait_to_read(self):
        """Wait until the numbers are computed, which they are: the engine doesn't work in the background."""


def operate_as(dtype, array):
    with np.errstate(all="ignore"):
        result = apply("cast", array, dtype=np.dtype(dtype))
    return NDArray(result.data, result.note)

"""The array: a NumPy array with MXNet's operators, types, printing and errors."""

import numbers as kinds

import numpy as np

from . import rules
from .autograd import Array, Leaf, apply, backward_from, is_recorded, is_recording, note_change
from .base import ADVICE, MXNetError, cpu, failed, no_attribute, require, require_cpu

IN_A_GRAPH = """Assigning to NDArrays that are already in a computational graph will cause undefined behavior when evaluating \
gradients. Please call backward first to clear the graph or do this out side of a record section."""
NO_WAY_BACK = "Inplace operations (+=, -=, x[:]=, etc) are not supported when recording with autograd."
NUMBER_TYPES = "float32 float64 float16 int32 int64 int8 uint8 bool".split()
ONE_AXIS = {"softmax", "log_softmax", "argmax", "argmin"}
# What MXNet computes of arrays of bools, and of arrays without numbers.
OF_BOOLS = set("sum mean max min norm copy cast reshape getitem take broadcast_to zeros_like ones_like".split())
OF_NOTHING = {"sum", "reshape", "getitem", "cast"}
OVERLAP = "the right side is a view of numbers that change, and would change on the way: use a copy, as in x -= x[0].copy()."


def brackets(shape):
    """A shape in the notation of MXNet's errors: [2,3]."""
    return f"[{','.join(map(str, shape))}]"


def lengths(shape):
    """The lengths of the axes of a new array, a list. Raises MXNetError unless they are whole numbers above 0."""
    found = np.atleast_1d(shape).tolist()
    if not found or not all(isinstance(length, int) and length > 0 for length in found):
        raise MXNetError(f"MXNetError: Inferring shapes failed, the lengths must be whole numbers above 0.\nshape : {shape}")
    return found


def number_type(dtype):
    """The NumPy type of numbers called `dtype`. Raises TypeError for one that arrays can't have."""
    if np.dtype(dtype).name not in NUMBER_TYPES:
        raise TypeError(f"an array can't hold numbers of type {np.dtype(dtype)}: choose from {', '.join(NUMBER_TYPES)}.")
    return np.dtype(dtype)


def holds_arrays(numbers):
    """Whether an NDArray is among the `numbers` of a list, or of the lists in it."""
    return isinstance(numbers, (list, tuple)) and any(isinstance(one, Array) or holds_arrays(one) for one in numbers)


def as_numbers(source):
    """A number, a list or an array as a NumPy array. Raises TypeError for complex numbers and for NDArrays in a list."""
    if holds_arrays(source):
        raise TypeError("A list of NDArrays is not array like: make one array of them, as by nd.stack(a, b).")
    numbers = np.asarray(source)
    if numbers.dtype.kind == "c":
        raise TypeError("An NDArray holds no complex numbers: their imaginary parts would be lost.")
    return numbers


def array_or_number(x, other):
    """`x` as the operand of an operator: an array as it is, a number converted to the type of the array `other`."""
    if isinstance(x, Array):
        return x
    if not isinstance(x, (kinds.Real, np.bool_)):
        raise TypeError(f"type {type(x)} not supported")
    dtype = other._data.dtype
    if dtype.kind == "f":
        return float(x)
    range_ = np.iinfo(np.int64 if dtype == np.int64 else np.int32)
    if not range_.min <= x <= range_.max:
        raise MXNetError(f"MXNetError: {x} is no number that an array of {dtype} can be computed with: use X.astype('float32').")
    return np.asarray(x).astype(dtype).item()


def require_operands(name, arrays):
    """Raise MXNetError for arrays of bools or without numbers, unless MXNet has the operation `name` for them."""
    for data in [array._data for array in arrays]:
        if data.dtype.kind == "b" and name not in OF_BOOLS:
            raise MXNetError(f"MXNetError: Operator {name} does not support boolean type: use X.astype('float32').")
        if data.size == 0 and name not in OF_NOTHING:
            raise MXNetError(f"MXNetError: {name} got an array without numbers, of shape {data.shape}: perhaps an empty slice.")


def counted(x):
    """An array of bools as one of the whole numbers 0 and 1. Anything else as it is."""
    return x.astype("int64") if isinstance(x, Array) and x._data.dtype.kind == "b" else x


def require_arrays(**arguments):
    """Raise AssertionError unless all `arguments` are arrays."""
    for name, value in arguments.items():
        if not isinstance(value, Array):
            raise AssertionError(f"Argument {name} must have NDArray type, but got {value}")


def require_one_type(arrays):
    """Raise MXNetError unless all `arrays` have the same type: MXNet never converts between types."""
    expected, check = arrays[0]._data.dtype, "assign(&dattr, vec.at(i)): Incompatible attr in node"
    for i, array in enumerate(arrays):
        if array._data.dtype != expected:
            raise failed(f"{check}  at {i}-th input: expected {expected}, got {array._data.dtype}")


def quietly(arrays, function, inputs, options):
    """function(*inputs, **options) without NumPy's warnings. Raises MXNet's error if types or shapes of `arrays` don't fit."""
    if len(arrays) > 1:
        require_one_type(arrays)
    try:
        with np.errstate(all="ignore"):
            return function(*inputs, **options)
    except ValueError as error:
        shapes = " ".join(brackets(array.shape) for array in arrays)
        differ = failed(f"l == 1 || r == 1: operands could not be broadcast together with shapes {shapes}")
        raise differ if "broadcast" in str(error) else MXNetError(f"MXNetError: {error}") from None


def operate(name, *inputs, **options):
    """The operation `name` of the table on arrays of one type and numbers; the result has the type of the arrays."""
    arrays = [x for x in inputs if isinstance(x, Array)]
    if not arrays:
        require_arrays(data=inputs[0])
    if arrays[0]._data.dtype.kind == "b" and (len(arrays) < len(inputs) or name == "negative"):
        return operate(name, *map(counted, inputs), **options)
    require_operands(name, arrays)
    if len(arrays) < len(inputs):
        inputs = [array_or_number(x, arrays[0]) for x in inputs]
    for array in arrays:
        if array.node is not None and not is_recorded(array.node):  # `backward` has freed its graph: it is a new constant
            array.node = array.used = None
    result = quietly(arrays, apply, (name, *inputs), options)
    if result.node is not None:
        for array in arrays:
            array.used = result.node
    data, dtype = result._data, options.get("dtype", arrays[0]._data.dtype)  # in MXNet 3 / 2 is 1, a comparison gives float32
    if data.dtype != dtype:
        with np.errstate(all="ignore"):
            data = data.astype(dtype)
    new = NDArray(data if data.shape else data.reshape(1), result.node)
    if arrays[0].used is not None:
        new.used = arrays[0].used  # it may be a view: to change it is to change the array
    return new


def operation(name, said=None, **defaults):
    """The operation `name` of the table as a function of nd or a method: of arrays and numbers, or of one array and options.

    said: what it gives, for whoever asks for help with it.
    """

    def function(data, *others, **options):
        if options.get("out", ...) is None:
            del options["out"]  # functions of NumPy pass it, as in np.argmax(X)
        if not options.keys() <= defaults.keys():
            unknown = f"Cannot find argument '{', '.join(option for option in options if option not in defaults)}'"
            possible = f"Possible Arguments: {', '.join(defaults)}"
            raise MXNetError(f"MXNetError: {unknown}, {possible} in the course's own engine: {ADVICE}")
        if not defaults:
            return operate(name, data, *others)
        options = defaults | dict(zip(defaults, others)) | options
        for option, value in options.items():
            if value is ...:
                raise MXNetError(f"MXNetError: Required parameter {option} is not presented, in operator {name}")
        if options.pop("length", None) is not None:
            raise AssertionError(f"Argument length must have NDArray type. An axis is named: {name}(X, axis=1)")
        axis = options.get("axis")
        if name in ONE_AXIS and axis != defaults["axis"]:
            require(isinstance(axis, kinds.Integral), f"{name} takes one axis, such as axis=1, not {axis}")
        if isinstance(axis, (list, tuple)):
            options["axis"] = tuple(axis) or None  # in MXNet () means all axes
        return operate(name, data, **options)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = said
    return function


def swapped(name):
    """The method for an operator whose right operand is the array, as in `2 - X`."""
    return lambda self, other: operate(name, other, self)


def require_apart(target, other):
    """Raise MXNetError if `other` has numbers of `target` that MXNet, changing one after the other, would read too late."""
    if target.size > 1 and np.shares_memory(target, other):
        in_time = other.size == target.size and other.ctypes.data >= target.ctypes.data
        require(in_time and other.reshape(target.shape).strides == target.strides, OVERLAP)


def in_place(ufunc):
    """A method for an operator such as +=, which changes the array itself."""

    def method(self, other):
        other = array_or_number(other, self)
        self.require_free(other)
        arrays = [self, other] if isinstance(other, Array) else [self]
        require_operands(ufunc.__name__, arrays)
        value = getattr(other, "_data", other)
        require_apart(self._data, value)
        note_change(self._data)
        quietly(arrays, ufunc, (self._data, value, self._data), {"casting": "unsafe"})
        return self

    return method


def as_index(key):
    """Convert the index in square brackets for NumPy: NDArrays and lists become NumPy arrays of integers.

    Raises ValueError for bools of NumPy and arrays of bools, by which MXNet doesn't choose."""
    if isinstance(key, tuple):
        return tuple(map(as_index, key))
    if isinstance(key, np.bool_) or isinstance(key, Array) and key.dtype == np.bool_:
        raise ValueError("An array can't be indexed by bools: multiply by them, as in X * (X > 0), or use nd.where.")
    if isinstance(key, (Array, list, np.ndarray)):
        return np.asarray(key).astype(np.intp)
    return int(key) if isinstance(key, bool) else key


class NDArray(Array):
    """An array of numbers of one type, float32 by default. Make one with `nd.array`, `nd.zeros` ..."""

    __hash__ = object.__hash__
    __array_ufunc__ = None  # NumPy's operators leave `numpy_array + ndarray` to the methods here
    __getattr__ = no_attribute
    used = None  # the node of the last recorded operation on this array, which as a constant has no node itself
    __copy__ = __deepcopy__ = lambda self, memo=None: NDArray(self._data.copy())

    __add__, __radd__, __iadd__ = operation("add"), operation("add"), in_place(np.add)
    __sub__, __rsub__, __isub__ = operation("subtract"), swapped("subtract"), in_place(np.subtract)
    __mul__, __rmul__, __imul__ = operation("multiply"), operation("multiply"), in_place(np.multiply)
    __truediv__, __rtruediv__, __itruediv__ = operation("divide"), swapped("divide"), in_place(np.divide)
    __mod__, __rmod__, __imod__ = operation("modulo"), swapped("modulo"), in_place(rules.modulo)
    __pow__, __rpow__ = operation("power"), swapped("power")
    __eq__, __ne__ = operation("equal"), operation("not_equal")
    __lt__, __le__ = operation("less"), operation("less_equal")
    __gt__, __ge__ = operation("greater"), operation("greater_equal")
    __neg__, __abs__, copy = operation("negative"), operation("abs"), operation("copy")

    shape = property(lambda self: self._data.shape, doc="The number of rows, columns ..., a tuple.")
    size = property(lambda self: self._data.size, doc="The number of entries.")
    ndim = property(lambda self: self._data.ndim, doc="The number of axes.")
    dtype = property(lambda self: self._data.dtype.type, doc="The type of the numbers, a class of NumPy's.")
    context = ctx = property(lambda self: cpu(), doc="The device of the array.")
    grad = property(lambda self: getattr(self.node, "grad", None), doc="The gradient, in the same shape, if there is one.")
    T = property(lambda self: self.transpose() if self.ndim > 1 else self, doc="The axes in reverse order: a matrix's transpose.")

    def __setattr__(self, name, value):
        if name not in ("_data", "node", "used"):
            raise AttributeError(f"'NDArray' object has no attribute '{name}'")
        object.__setattr__(self, name, value)

    def __reduce__(self):
        return NDArray, (self._data,)  # pickled without its graph

    def attach_grad(self, grad_req="write"):
        """Allocate memory for the gradient. `backward` replaces it ("write"), adds to it ("add") or leaves it ("null")."""
        self.node = Leaf(NDArray(np.zeros_like(self._data)), {"write": "write", "add": "add", "null": "null"}[grad_req])

    def backward(self, out_grad=None, retain_graph=False, train_mode=True):
        """Compute the gradient of the sum of these numbers, weighted by `out_grad`, for each array with `attach_grad`."""
        backward_from(self, out_grad, retain_graph)

    def detach(self):
        """The same numbers in the same memory, a constant for `backward`."""
        return NDArray(self._data)

    def __repr__(self):
        return f"\n{self.asnumpy()}\n<NDArray {'x'.join(map(str, self.shape))} @{self.context}>"

    def __len__(self):
        return len(self._data)

    def __bool__(self):
        if self.size > 1:
            raise ValueError("The truth value of an NDArray with multiple elements is ambiguous.")
        return self.size == 1 and bool(self._data.item())

    def __getitem__(self, key):
        if isinstance(key, (slice, tuple)) and key in (slice(None), ()):
            return self
        key = key if isinstance(key, tuple) else (key,)
        index = as_index(key if any(part is ... for part in key) else (*key, ...))  # with "..." even a single number is a view
        part = operate("getitem", self, index=index)
        part._data = np.ascontiguousarray(part._data)  # in MXNet arrays share memory only where it is contiguous
        return part

    def __setitem__(self, key, value):
        self.require_free(value)
        has_bools = any(isinstance(part, bool) for part in (key if isinstance(key, tuple) else [key]))
        require(not has_bools, f"{key} is no place to assign to: X[:] means all numbers, X[0] and X[1] the first two rows.")
        key, value = as_index(key), value._data if isinstance(value, Array) else as_numbers(value)
        value = value.reshape(()) if value.size == 1 else value  # one number fits everywhere
        target = self._data[key]
        if target.size == value.size:  # MXNet repeats a smaller one in new memory
            require_apart(target, value)
        note_change(self._data)
        self._data[key] = value

    def require_free(self, other):
        """While recording, raise MXNetError if a change in place concerns an array in the graph: this one, or `other`."""
        require(not (is_recording() and (is_recorded(self.node) or is_recorded(self.used))), IN_A_GRAPH)
        require(not (is_recording() and is_recorded(getattr(other, "node", None))), NO_WAY_BACK)

    def __array__(self, dtype=None, copy=None):
        return self._data.astype(dtype or self.dtype)

    def asnumpy(self):
        """The numbers as a NumPy array of their own."""
        return self._data.copy()

    def asscalar(self):
        """The number of an array that holds only one. Raises ValueError for another array."""
        if self.size != 1:
            raise ValueError("The current array is not a scalar")
        return self._data.reshape(-1)[0]

    def astype(self, dtype):
        """The numbers in another type, such as "int32" (which cuts off decimals) or "float32"."""
        return operate("cast", self, dtype=number_type(dtype))

    def as_in_context(self, ctx):
        """This array: the CPU is the only device."""
        require_cpu(ctx)
        return self

    def wait_to_read(self):
        """Do nothing: in MXNet this waits for a computation in the background, and the engine has none."""

"""The matrix product in a browser, where NumPy adds up one number at a time: sgemm computes the same bits more than ten times as
fast, so that there `np.dot` is `dot` below. Elsewhere `np.dot` is NumPy's."""

import contextlib
import ctypes
import functools
import sys
from pathlib import Path

import numpy as np

numpy_dot, sgemm = np.dot, None  # sgemm is the function of wasm/sgemm.c, where a browser has SIMD


@functools.wraps(numpy_dot)
def dot(A, B, out=None):
    """NumPy's, or sgemm for two matrices of float32, which may be transposed views."""
    if out is not None or not (is_matrix(A) and is_matrix(B) and A.shape[1] == B.shape[0]):
        return numpy_dot(A, B, out)
    if B.strides[1] != B.itemsize:
        B = np.ascontiguousarray(B)
    C = np.empty((A.shape[0], B.shape[1]), dtype=np.float32)
    sgemm(*A.shape, B.shape[1], *place(A), *place(B)[:2], *place(C)[:2])
    return C


def is_matrix(M):
    return type(M) is np.ndarray and M.ndim == 2 and M.dtype == np.float32


def place(M):
    """The address of the float32 matrix M, and its strides from row to row and from column to column, in numbers."""
    return M.ctypes.data, M.strides[0] // M.itemsize, M.strides[1] // M.itemsize


if sys.platform == "emscripten":
    with contextlib.suppress(OSError):
        sgemm = ctypes.CDLL(str(Path(__file__).with_name("wasm") / "sgemm.wasm")).sgemm
        sgemm.restype = None
        np.dot = dot

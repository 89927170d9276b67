"""The matrix product, which takes most of the engine's time."""

import contextlib
import ctypes
import sys
from pathlib import Path

import numpy as np

sgemm = None  # in a browser with SIMD, the function of wasm/sgemm.c; elsewhere NumPy computes the product
if sys.platform == "emscripten":
    with contextlib.suppress(OSError):
        sgemm = ctypes.CDLL(str(Path(__file__).with_name("wasm") / "sgemm.wasm")).sgemm
        sgemm.restype = None


def product(A, B):
    """A @ B for two matrices of the same type, float32 or float64; either may be a transposed view.

    In a browser NumPy adds up one number at a time; sgemm computes the same bits more than ten times as fast."""
    if sgemm is None or A.dtype != np.float32 or B.dtype != np.float32 or A.shape[1:] != B.shape[:1]:
        return A @ B
    if B.strides[1] != B.itemsize:
        B = np.ascontiguousarray(B)
    C = np.empty((A.shape[0], B.shape[1]), dtype=np.float32)
    sgemm(*A.shape, B.shape[1], *place(A), *place(B)[:2], *place(C)[:2])
    return C


def place(M):
    """The address of the float32 matrix M, and its strides from row to row and from column to column, in numbers."""
    return M.ctypes.data, M.strides[0] // M.itemsize, M.strides[1] // M.itemsize

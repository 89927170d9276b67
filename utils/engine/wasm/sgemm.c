/* C = A B for matrices of float32, in WebAssembly's SIMD: what product.py calls in a browser.

   A is m x k with any two strides, so that a transposed matrix needs no copy; B is k x n and C is m x n, with contiguous rows.
   Strides count numbers. Every entry of C is summed up in the order of k, by a product and a sum each rounded to float32. So does
   NumPy in Pyodide, hence the same bits.

   A block of 4 x 8 entries stays in eight registers while k runs: each number that is loaded serves for four or eight of them.
   `make kernel` builds sgemm.wasm. */

typedef float four __attribute__((vector_size(16), aligned(4)));

static void block(int k, const float *A, int a_row, int a_column, const float *B, int b_row, float *C, int c_row)
{
    four sum[4][2] = {0};
    for (int p = 0; p < k; p++) {
        four left = *(const four *)B, right = *(const four *)(B + 4);
        for (int i = 0; i < 4; i++) {
            sum[i][0] += A[i * a_row] * left;
            sum[i][1] += A[i * a_row] * right;
        }
        A += a_column;
        B += b_row;
    }
    for (int i = 0; i < 4; i++) {
        *(four *)(C + i * c_row) = sum[i][0];
        *(four *)(C + i * c_row + 4) = sum[i][1];
    }
}

static void entry(int k, const float *A, int a_column, const float *B, int b_row, float *C)
{
    float sum = 0;
    for (int p = 0; p < k; p++)
        sum += A[p * a_column] * B[p * b_row];
    *C = sum;
}

void sgemm(int m, int k, int n, const float *A, int a_row, int a_column, const float *B, int b_row, float *C, int c_row)
{
    int rows = m - m % 4, columns = n - n % 8;
    for (int j = 0; j < columns; j += 8)
        for (int i = 0; i < rows; i += 4)
            block(k, A + i * a_row, a_row, a_column, B + j, b_row, C + i * c_row + j, c_row);
    for (int i = 0; i < m; i++)
        for (int j = i < rows ? columns : 0; j < n; j++)
            entry(k, A + i * a_row, a_column, B + j, b_row, C + i * c_row + j);
}

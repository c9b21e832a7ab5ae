# SPDX-License-Identifier: BSD-3-Clause
"""Op1, Op2 and Op3 of Ross et al. 2023 in numpy, against what Starling wrote: at most 1e-12 apart."""
import sys
import numpy as np

folder = sys.argv[1]
N, n, L = 48, 12, 5.0
r = N // n
fine = np.fromfile(f"{folder}/fine.bin").reshape(N, N)  # [y][x]
spectrum = np.fft.fft2(fine) / N**2
m = np.fft.fftfreq(N, 1 / N)
k = 2 * np.pi * m / L
keep = np.abs(m) < n / 2


def coarse(spectrum, factor):
    """Values on the coarse grid of the modes below its Nyquist mode."""
    chosen = np.where(keep[:, None] & keep[None, :], spectrum * factor, 0)
    full = np.zeros((n, n), complex)
    index = m[keep].astype(int)
    full[np.ix_(index % n, index % n)] = chosen[np.ix_(keep, keep)]
    return np.real(np.fft.ifft2(full) * n**2)


def operators(spectrum):
    k2 = k[:, None] ** 2 + k[None, :] ** 2
    resolved = (np.abs(m) < n / 3)[:, None] & (np.abs(m) < n / 3)[None, :]
    h = 2 * np.pi * m / N
    laplacian = 2 * (1 - np.cos(h))[:, None] + 2 * (1 - np.cos(h))[None, :]
    # Blocks are centred on coarse points: the field is moved by (r - 1)/2 fine points.
    move = np.where(np.abs(m) == N / 2, 1, np.exp(-1j * h * (r - 1) / 2))
    smooth = np.fft.ifft2(
        spectrum * np.exp(-r**2 / 24 * laplacian) * move[:, None] * move[None, :] * N**2).real
    return {
        "op1": coarse(spectrum, resolved),
        "op2": coarse(spectrum, np.exp(-k2 * (2 * L / n) ** 2 / 24)),
        "op3": smooth.reshape(n, r, n, r).mean(axis=(1, 3)),
    }


worst = 0.0
for name, expected in operators(spectrum).items():
    got = np.fromfile(f"{folder}/{name}.bin").reshape(n, n)
    worst = max(worst, np.abs(got - expected).max())
    print(f"{name}: {np.abs(got - expected).max():.2e} of {np.abs(expected).max():.2f}")
other = np.fromfile(f"{folder}/flux_y.bin").reshape(N, N)
derivative = np.where(np.abs(m) == N / 2, 0, 1j * k)
divergence = spectrum * derivative[None, :] + np.fft.fft2(other) / N**2 * derivative[:, None]
for name, expected in operators(divergence).items():
    got = np.fromfile(f"{folder}/{name}_divergence.bin").reshape(n, n)
    worst = max(worst, np.abs(got - expected).max() / np.abs(expected).max())
    print(f"{name} of a divergence: {np.abs(got - expected).max():.2e}")
assert worst < 1e-12, worst

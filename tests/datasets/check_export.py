# SPDX-License-Identifier: BSD-3-Clause
"""Exports against the tables of herde2024 and takamoto2022 (keys, shapes, types, order of splits), number by number
against the files that they are made of, with h5py and netCDF4."""

import glob
import sys

import h5py
import numpy as np

try:
    import netCDF4
except ImportError:
    netCDF4 = None

work = sys.argv[1]


def samples(dataset, wanted=lambda f: True):
    """(split, file, trajectory) in the order of an export."""
    for split in ("train", "valid", "test"):
        paths = glob.glob(f"{work}/{dataset}/data/{split}/*.hdf5")
        for path in sorted(paths, key=lambda path: path.rsplit("_", 1)[1]):
            with h5py.File(path) as f:
                if wanted(f):
                    for t in range(int(f.attrs["n_trajectories"])):
                        yield split, f, t


def published(f, path):
    return f[path].attrs["scale"] * f[path][...].astype(np.float64)


def same(got, expected):
    assert np.allclose(got, expected, rtol=1e-6, atol=0), np.max(np.abs(got - expected))


def pdegym(file, dataset, key, channels, frames, points):
    with h5py.File(f"{work}/export/{file}") as out:
        flow = out[key]
        assert flow.dtype == np.dtype("<f4") and flow.shape[1:] == (frames, channels, points, points), flow.shape
        splits = []
        for n, (split, f, t) in enumerate(samples(dataset)):
            splits.append(split)
            velocity = published(f, "t1_fields/velocity")[t]
            same(flow[n, :, 0], velocity[..., 0])
            same(flow[n, :, 1], velocity[..., 1])
            if channels == 3:
                same(flow[n, :, 2], published(f, "t0_fields/tracer")[t])
        assert len(splits) == len(flow)
        for split in ("train", "valid", "test"):
            assert out.attrs[f"n_{split}"] == splits.count(split)
        assert [flow.dims[d].keys()[0] for d in range(5)] == ["sample", "time", "channel", "x", "y"]
    if netCDF4:
        with netCDF4.Dataset(f"{work}/export/{file}") as out:
            assert out[key].dimensions == ("sample", "time", "channel", "x", "y")
            assert out[key].shape == (len(splits), frames, channels, points, points)
            assert len(out["time"]) == frames and np.all(np.isfinite(out[key][...]))
    return len(splits)


def pdebench_1d():
    paths = sorted(glob.glob(f"{work}/export/ks1d/*.hdf5"))
    assert len(paths) == 4, paths
    for path in paths:
        with h5py.File(path) as out:
            assert set(out) == {"tensor", "x-coordinate", "t-coordinate"}, set(out)
            assert out["tensor"].shape == (2, 7, 64) and out["tensor"].dtype == np.dtype("<f4")
            assert out["x-coordinate"].shape == (64,) and out["t-coordinate"].shape == (7,)
            length = out.attrs["length"]
            assert f"length_{length:g}.hdf5" in path
            for n, (_, f, t) in enumerate(samples("ks1d/ks1d_hf64", lambda f: f.attrs["length"] == length)):
                same(out["tensor"][n], published(f, "t0_fields/u")[t])
                same(out["x-coordinate"], f["dimensions/x"][...].astype("f4"))


def pdebench_2d():
    paths = sorted(glob.glob(f"{work}/export/decay/*.hdf5"))
    assert len(paths) == 4, paths
    for path in paths:
        with h5py.File(path) as out:
            assert {"Vx", "Vy", "tracer", "vorticity", "x-coordinate", "y-coordinate", "t-coordinate"} == set(out)
            nu = out.attrs["viscosity"]
            for n, (_, f, t) in enumerate(samples("decay/decay_hf32", lambda f: f.attrs["viscosity"] == nu)):
                velocity = published(f, "t1_fields/velocity")[t]
                assert out["Vx"].shape == (2, 5, 32, 32)
                same(out["Vx"][n], velocity[..., 0])
                same(out["Vy"][n], velocity[..., 1])
                same(out["vorticity"][n], published(f, "t0_fields/vorticity")[t])


def pdebench_3d():
    with h5py.File(f"{work}/export/ns3d.hdf5") as out:
        assert {"Vx", "Vy", "Vz", "x-coordinate", "y-coordinate", "z-coordinate", "t-coordinate"} <= set(out)
        assert out["Vz"].shape == (3, 5, 16, 16, 16)
        for n, (_, f, t) in enumerate(samples("ns3d/ns3d_forced_hf16")):
            same(out["Vz"][n], published(f, "t1_fields/velocity")[t, ..., 2])


count = pdegym("flow.nc", "decay/decay_hf32", "velocity", 3, 5, 32)
count += pdegym("kf.nc", "kf/ns2d_pdegym_fns_kf_hf16", "solution", 2, 4, 16)
pdebench_1d()
pdebench_2d()
pdebench_3d()
print(f"{count} trajectories in PDEgym's layout and all of PDEBench's are what was published; "
      f"netCDF4 {'yes' if netCDF4 else 'not here'}")

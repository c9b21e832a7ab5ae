# SPDX-License-Identifier: BSD-3-Clause
"""Opens every file of small data sets with h5py and with xarray (engine netcdf4 on its groups: their directions have no
names there, and booleans are not seen), and computes stats.yaml (to 1e-6) and MANIFEST.sha256 anew."""

import glob
import hashlib
import os
import sys

import h5py
import numpy as np

try:
    import xarray
except ImportError:
    xarray = None


def elements(text):
    """The numbers of "1.0" or "[[1.0, 2.0], [3.0, 4.0]]", row by row."""
    return [float(part) for part in text.replace("[", " ").replace("]", " ").replace(",", " ").split()]


def read_statistics(path):
    """{statistic: {field: numbers}}; stats.yaml has two levels and nothing else."""
    table = {}
    for line in open(path):
        if line.startswith("#") or not line.strip():
            continue
        name, value = line.split(":", 1)
        if not line.startswith(" "):
            section = table.setdefault(name, {})
        else:
            section[name.strip()] = elements(value)
    return table


def check_file(path):
    with h5py.File(path) as f:
        dims = int(f.attrs["n_spatial_dims"])
        samples = int(f.attrs["n_trajectories"])
        assert isinstance(f.attrs["dataset_name"], str) and f.attrs["dataset_name"] in path, path
        assert isinstance(f.attrs["normalised"], np.bool_) and not f.attrs["normalised"]
        assert list(f["dimensions"].attrs["spatial_dims"]) == list("xyz"[:dims])
        shape = [samples, len(f["dimensions/time"])] + [len(f[f"dimensions/{d}"]) for d in "xyz"[:dims]]
        for name in f.attrs["simulation_parameters"]:
            assert f["scalars"][name].shape == () and f["scalars"][name][()] == f.attrs[name], (path, name)
        found = 0
        for order in range(3):
            group = f[f"t{order}_fields"]
            assert set(group) == set(group.attrs["field_names"]), (path, order)
            for name, field in group.items():
                found += 1
                assert field.shape == tuple(shape + order * [dims]), (path, name, field.shape)
                assert field.dtype == np.dtype("<f4") and field.compression is None
                assert field.attrs["dim_varying"].dtype == bool and field.attrs["dim_varying"].all()
                for attribute in ("sample_varying", "time_varying"):
                    assert field.attrs[attribute].dtype == bool
                for attribute in ("units", "long_name"):
                    assert isinstance(field.attrs[attribute], str) and field.attrs[attribute]
                one_frame(field)
        assert found > 0
    return found


def one_frame(field):
    """A frame is contiguous in memory and in the file: what is read for it is its own bytes."""
    frame = field[0, 1]
    assert frame.flags["C_CONTIGUOUS"] and frame.strides[-1] == 4
    assert field.chunks == (1, 1) + field.shape[2:]
    bytes_read = places = 0
    for i in range(field.id.get_num_chunks()):
        chunk = field.id.get_chunk_info(i)
        if chunk.chunk_offset[:2] == (0, 1):
            bytes_read += chunk.size
            places += 1
    assert places == 1 and bytes_read <= 1.1 * frame.nbytes, (field.name, bytes_read, frame.nbytes)
    assert field.id.get_num_chunks() == field.shape[0] * field.shape[1]


def check_xarray(path):
    """What xarray reads is what h5py reads."""
    with h5py.File(path) as f:
        for order in range(3):
            group = f"t{order}_fields"
            with xarray.open_dataset(path, group=group, engine="netcdf4") as data:
                assert set(data.data_vars) == set(f[group]), (path, group)
                for name in data.data_vars:
                    assert data[name].dtype == np.float32
                    assert data[name].attrs["units"] == f[group][name].attrs["units"]
                    assert np.array_equal(data[name].values, f[group][name][...])


def check_statistics(dataset):
    training = sorted(glob.glob(f"{dataset}/data/train/*.hdf5"))
    training = training or sorted(glob.glob(f"{dataset}/data/*/*.hdf5"))
    stored = read_statistics(f"{dataset}/stats.yaml")
    values, changes = {}, {}
    for path in training:
        with h5py.File(path) as f:
            for order in range(3):
                for name, field in f[f"t{order}_fields"].items():
                    data = field[...].astype(np.float64)
                    count = int(np.prod(data.shape[data.ndim - order:]))
                    change = data[:, 1:] - data[:, :-1]
                    values.setdefault(name, []).append(data.reshape(-1, count))
                    changes.setdefault(name, []).append(change.reshape(-1, count))
    worst = 0.0
    for name in values:
        for ending, parts in (("", values[name]), ("_delta", changes[name])):
            data = np.concatenate(parts)
            rms = np.sqrt(np.mean(data**2, axis=0))
            expected = {"mean": data.mean(axis=0), "std": data.std(axis=0), "rms": rms}
            if not ending:
                expected.update(min=data.min(axis=0), max=data.max(axis=0))
            for statistic, numbers in expected.items():
                got = np.array(stored[statistic + ending][name])
                assert got.shape == numbers.shape, (dataset, statistic, name)
                # A mean of fields that have none is rounding: it is held against their size.
                size = np.maximum(np.abs(numbers), 1e-6 * rms)
                error = np.max(np.abs(got - numbers) / np.where(size > 0, size, 1))
                assert error <= 1e-6, (dataset, statistic + ending, name, got, numbers)
                worst = max(worst, error)
    return worst


def check_hashes(folder):
    listed = set()
    for line in open(f"{folder}/MANIFEST.sha256"):
        expected, path = line.rstrip("\n").split("  ", 1)
        with open(f"{folder}/{path}", "rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == expected, path
        listed.add(path)
    there = {os.path.relpath(os.path.join(f, n), folder) for f, _, names in os.walk(folder) for n in names}
    assert there - listed == {"MANIFEST.sha256"}, there - listed
    return len(listed)


for folder in sys.argv[1:]:
    files = sorted(glob.glob(f"{folder}/*/data/*/*.hdf5"))
    fields = sum(check_file(path) for path in files)
    if xarray:
        for path in files:
            check_xarray(path)
    datasets = sorted({path.split("/data/")[0] for path in files})
    error = max(check_statistics(dataset) for dataset in datasets)
    print(f"{folder}: {len(files)} files of {len(datasets)} data sets, {fields} fields, "
          f"{check_hashes(folder)} hashes; statistics to {error:.1e}; xarray {'yes' if xarray else 'not here'}")

# SPDX-License-Identifier: BSD-3-Clause
"""Plants defects, one at a time, into a copy of a good data set, and wants `starling check` to exit with 2 and to name
each. Hashes are made anew where the defect is none of hashes, so that it is not they that are noticed. Defects of
single files are checked in one run: each has a folder of its own."""

import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

import h5py
import numpy as np

starling, good = sys.argv[1:3]
WORK, BATCH = "bad", "batch"
BOOL = h5py.enum_dtype({"FALSE": 0, "TRUE": 1}, basetype="i1")
TEXT = h5py.string_dtype("utf-8")
defects, of_files = [], []


def defect(expected, hashes=True):
    """Registers a function that plants a defect which is named by the regular expression `expected`."""

    def register(plant):
        defects.append((plant, expected, hashes))
        return plant

    return register


def file_defect(expected):
    """The same for a defect of one file, which is named without the others."""

    def register(plant):
        of_files.append((plant, expected))
        return plant

    return register


def sha(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def file_of(dataset, split="train", which=0):
    return sorted(glob.glob(f"{WORK}/decay_{dataset}/data/{split}/*.hdf5"))[which]


def rehash():
    for path in glob.glob(f"{WORK}/rows/*.json"):
        record = json.load(open(path))
        for file in record["files"]:
            name = f"{WORK}/{file['path']}"
            if os.path.exists(name):
                file["sha256"], file["bytes"] = sha(name), os.path.getsize(name)
        json.dump(record, open(path, "w"))
    lines = []
    for folder, _, names in os.walk(WORK):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), WORK)
            if path != "MANIFEST.sha256":
                lines.append(f"{sha(f'{WORK}/{path}')}  {path}\n")
    open(f"{WORK}/MANIFEST.sha256", "w").writelines(sorted(lines))


def edit(path):
    return h5py.File(path, "r+")


def replace_text(path, old, new):
    text = open(path).read()
    assert old in text, (path, old)
    open(path, "w").write(text.replace(old, new, 1))


def attribute(object_, name, value, dtype=None, shape=None):
    if name in object_.attrs:
        del object_.attrs[name]
    object_.attrs.create(name, value, dtype=dtype, shape=shape)


def remake(file, path, data, **options):
    """The dataset again with other options, attributes kept."""
    old = file[path]
    attributes = {name: (old.attrs.get_id(name).dtype, old.attrs[name]) for name in old.attrs}
    del file[path]
    new = file.create_dataset(path, data=data, **options)
    for name, (dtype, value) in attributes.items():
        kind = BOOL if h5py.check_enum_dtype(dtype) else TEXT if h5py.check_string_dtype(dtype) else dtype
        new.attrs.create(name, value, dtype=kind)


# The Well's format.


@file_defect("attribute dataset_name is not one UTF-8 string of variable length")
def fixed_string():
    with edit(file_of("hf32")) as f:
        attribute(f, "dataset_name", np.bytes_("decay_hf32"), dtype="S10")


@file_defect("attribute grid_type is missing")
def no_grid_type():
    with edit(file_of("hf32")) as f:
        del f.attrs["grid_type"]


@file_defect("attribute n_trajectories is no integer")
def real_count():
    with edit(file_of("hf32")) as f:
        attribute(f, "n_trajectories", 2.0)


@file_defect(r"dimension|n_spatial_dims is 3")
def three_dimensions():
    with edit(file_of("hf32")) as f:
        attribute(f, "n_spatial_dims", 3)


@file_defect("simulation_parameters has reynolds, which is no number of the root")
def unknown_parameter():
    with edit(file_of("hf32")) as f:
        names = [n for n in f.attrs["simulation_parameters"]] + ["reynolds"]
        attribute(f, "simulation_parameters", names, dtype=TEXT)


@file_defect(r"scalars/viscosity: has the shape \(1\), not \(\)")
def scalar_of_one():
    with edit(file_of("hf32")) as f:
        remake(f, "scalars/viscosity", f["scalars/viscosity"][()].reshape(1))


@file_defect("scalars/viscosity: is another number than that of the root")
def other_scalar():
    with edit(file_of("hf32")) as f:
        f["scalars/viscosity"][()] = 0.5


@file_defect("scalars/drag: is not finite")
def scalar_nan():
    with edit(file_of("hf32")) as f:
        f["scalars/drag"][()] = np.nan


@file_defect("dimensions/time: time_varying is false")
def constant_time():
    with edit(file_of("hf32")) as f:
        attribute(f["dimensions/time"], "time_varying", False, dtype=BOOL)


@file_defect("attribute sample_varying is no boolean")
def integer_boolean():
    with edit(file_of("hf32")) as f:
        attribute(f["t0_fields/vorticity"], "sample_varying", 1, dtype="i4")


@file_defect("bc_type is periodic; allowed: PERIODIC")
def lower_case():
    with edit(file_of("hf32")) as f:
        attribute(f["boundary_conditions/x_periodic"], "bc_type", "periodic", dtype=TEXT)


@file_defect("mask: is not true at the first and the last point alone")
def empty_mask():
    with edit(file_of("hf32")) as f:
        f["boundary_conditions/x_periodic/mask"][...] = np.zeros(32, "i1")


@file_defect("boundary_conditions: there is none for y")
def no_boundary():
    with edit(file_of("hf32")) as f:
        del f["boundary_conditions/y_periodic"]


@file_defect("t2_fields: is missing")
def no_tensors():
    with edit(file_of("hf32")) as f:
        del f["t2_fields"]


@file_defect("t0_fields: tracer is not in field_names")
def unlisted_field():
    with edit(file_of("hf32")) as f:
        attribute(f["t0_fields"], "field_names", ["vorticity"], dtype=TEXT)


@file_defect("t0_fields/vorticity: numbers are not of single precision")
def double_precision():
    with edit(file_of("hf32")) as f:
        data = f["t0_fields/vorticity"][...].astype("f8")
        remake(f, "t0_fields/vorticity", data, chunks=(1, 1, 32, 32))


@file_defect(r"t0_fields/vorticity: chunks are \(1, 5, 32, 32\), not one frame")
def chunk_of_frames():
    with edit(file_of("hf32")) as f:
        remake(f, "t0_fields/vorticity", f["t0_fields/vorticity"][...], chunks=(1, 5, 32, 32))


@file_defect(r"t0_fields/vorticity: chunks are \(\), not one frame")
def not_chunked():
    with edit(file_of("hf32")) as f:
        remake(f, "t0_fields/vorticity", f["t0_fields/vorticity"][...])


@file_defect("t0_fields/vorticity: has a filter that not every reader has")
def lzf():
    with edit(file_of("hf32")) as f:
        remake(f, "t0_fields/vorticity", f["t0_fields/vorticity"][...], chunks=(1, 1, 32, 32), compression="lzf")


@file_defect("t0_fields/vorticity: frames were never written")
def unwritten():
    with edit(file_of("hf32")) as f:
        data = f["t0_fields/vorticity"][...]
        remake(f, "t0_fields/vorticity", None, shape=data.shape, dtype="f4", chunks=(1, 1, 32, 32))
        f["t0_fields/vorticity"][:, :4] = data[:, :4]


@file_defect(r"t0_fields/vorticity: has the shape \(2, 3, 32, 32\), not \(2, 5, 32, 32\)")
def frames_missing():
    with edit(file_of("hf32")) as f:
        remake(f, "t0_fields/vorticity", f["t0_fields/vorticity"][:, :3], chunks=(1, 1, 32, 32))


@file_defect("attribute units is missing")
def no_units():
    with edit(file_of("hf32")) as f:
        del f["t0_fields/vorticity"].attrs["units"]


@file_defect("attribute long_name is empty")
def no_name():
    with edit(file_of("hf32")) as f:
        attribute(f["t0_fields/vorticity"], "long_name", "", dtype=TEXT)


@file_defect("t0_fields/vorticity: scale is 0, not above 0")
def no_scale():
    with edit(file_of("hf32")) as f:
        attribute(f["t0_fields/vorticity"], "scale", 0.0)


@file_defect("dim_varying is not one boolean for each dimension")
def one_dimension():
    with edit(file_of("hf32")) as f:
        attribute(f["t0_fields/vorticity"], "dim_varying", [True], dtype=BOOL)


@file_defect("attribute licence is missing")
def no_licence():
    with edit(file_of("hf32")) as f:
        del f.attrs["licence"]


@file_defect("schema_version is 0, not 1")
def old_schema():
    with edit(file_of("hf32")) as f:
        attribute(f, "schema_version", "0", dtype=TEXT)


@file_defect("dimensions/time: does not increase at frame 3")
def time_back():
    with edit(file_of("hf32")) as f:
        f["dimensions/time"][3] = 0.1


@file_defect("dimensions/time: frame 4 is at 0.45, and at 0.4 in its config")
def other_time():
    with edit(file_of("hf32")) as f:
        f["dimensions/time"][4] = 0.45


@file_defect("dimensions/x: coordinates are not evenly spaced")
def uneven():
    with edit(file_of("hf32")) as f:
        f["dimensions/x"][5] += 0.01


# Numbers.


@file_defect("t0_fields/vorticity: is not finite")
def a_nan():
    with edit(file_of("hf32")) as f:
        f["t0_fields/vorticity"][1, 2, 5, 7] = np.nan


@file_defect("t1_fields/velocity: is not finite")
def an_infinity():
    with edit(file_of("lf16", "valid")) as f:
        f["t1_fields/velocity"][0, 4, 1, 2, 1] = np.inf


@file_defect("t0_fields/tracer: a frame is constant")
def constant_frame():
    with edit(file_of("hf32")) as f:
        f["t0_fields/tracer"][0, 3] = 0.25


@file_defect("t0_fields/tracer: a frame is that before it")
def frame_twice():
    with edit(file_of("hf32")) as f:
        f["t0_fields/tracer"][0, 3] = f["t0_fields/tracer"][0, 2]


@file_defect(r"a frame is one that there was \(trajectory 1, frame 3: that of trajectory 0, frame 3")
def frame_of_another():
    with edit(file_of("hf32")) as f:
        f["t0_fields/vorticity"][1, 3] = f["t0_fields/vorticity"][0, 3]


@file_defect("a trajectory starts as another")
def trajectory_twice():
    with edit(file_of("hf32")) as f:
        for name in ("t0_fields/vorticity", "t0_fields/tracer", "t1_fields/velocity"):
            f[name][1, 0] = f[name][0, 0]


@file_defect("t1_fields/velocity: has a divergence")
def divergence():
    x = np.arange(32) * 2 * np.pi / 32
    with edit(file_of("hf32")) as f:
        frame = f["t1_fields/velocity"][0, 1]
        frame[..., 0] += 1e-4 * np.sin(x)[:, None]
        f["t1_fields/velocity"][0, 1] = frame


@file_defect("t1_fields/velocity: has a divergence")
def transposed():
    with edit(file_of("hf32")) as f:
        for frame in range(5):
            f["t1_fields/velocity"][0, frame] = f["t1_fields/velocity"][0, frame].transpose(1, 0, 2)


@file_defect("t0_fields/vorticity: has energy in modes that its model does not resolve")
def above_the_cut():
    x = np.arange(32) * 2 * np.pi / 32
    with edit(file_of("hf32")) as f:
        frame = f["t0_fields/vorticity"][0, 1]
        f["t0_fields/vorticity"][0, 1] = frame + 1e-4 * np.cos(11 * x)[None, :].astype("f4")


@file_defect("lf16_.*t0_fields/tracer: has energy in modes that its model does not resolve|"
        "hf32to16_op1.*t0_fields/tracer: has energy in modes")
def strided():
    """PDEBench's trap: every second point instead of a filter."""
    with edit(file_of("hf32to16_op1")) as f, h5py.File(file_of("hf32")) as fine:
        for frame in range(5):
            f["t0_fields/tracer"][0, frame] = fine["t0_fields/tracer"][0, frame, ::2, ::2]


@file_defect("t0_fields/vorticity: a frame is an outlier")
def outlier():
    with edit(file_of("lf16")) as f:
        f["t0_fields/vorticity"][0, 2] = 10 * f["t0_fields/vorticity"][0, 2]


@file_defect("t0_fields/vorticity: blows up")
def blow_up():
    with edit(file_of("lf16")) as f:
        f["t0_fields/vorticity"][0, 4] = 1000 * f["t0_fields/vorticity"][0, 4]


@file_defect("t1_fields/velocity: gains more energy than its forcing can give")
def gain():
    with edit(file_of("hf32")) as f:
        f["t1_fields/velocity"][0, 3] = np.float32(1.02) * f["t1_fields/velocity"][0, 3]


@file_defect("t0_fields/tracer: the mean is not kept")
def tracer_lost():
    with edit(file_of("hf32")) as f:
        f["t0_fields/tracer"][0, 2] = f["t0_fields/tracer"][0, 2] - np.float32(1e-5)


@file_defect("t0_fields/vorticity: has a mean")
def mean_vorticity():
    with edit(file_of("hf32")) as f:
        f["t0_fields/vorticity"][0, 2] = f["t0_fields/vorticity"][0, 2] + np.float32(1e-4)


@file_defect("t1_fields/velocity: is too fast for the time step")
def courant():
    with edit(file_of("hf32")) as f:
        f["t1_fields/velocity"][...] = 100 * f["t1_fields/velocity"][...]


@file_defect("probes/vorticity: is not what the frame has there")
def probe_elsewhere():
    with edit(file_of("hf32")) as f:
        f["probes/vorticity"][1, 0, 2] += np.float32(1e-3)


@file_defect("sensors/vorticity: is not finite")
def blind_sensor():
    with edit(file_of("hf32")) as f:
        f["sensors/vorticity"][0, 3] = np.nan


@file_defect("sensors/place: 7 is outside the domain")
def sensor_outside():
    with edit(file_of("hf32")) as f:
        f["sensors/place"][0, 3, 1] = 7


# Pairs.


@file_defect(r"t0_fields/vorticity_forcing: is not -div\(vorticity_flux\)")
def other_sign():
    with edit(file_of("hf32to16_op1")) as f:
        f["t0_fields/vorticity_forcing"][...] = -f["t0_fields/vorticity_forcing"][...]


@file_defect("t0_fields/vorticity_forcing: sign_convention is '', not 'add_to_tendency'")
def no_sign():
    with edit(file_of("hf32to16_op2")) as f:
        del f["t0_fields/vorticity_forcing"].attrs["sign_convention"]


@defect("hf32to16_op1.*t0_fields/tracer: is not op1 of its parent")
def other_filter():
    """The field of op2 in a file of op1: smooth, resolved, and its mean is right."""
    with edit(file_of("hf32to16_op1")) as f, h5py.File(file_of("hf32to16_op2")) as other:
        f["t0_fields/tracer"][...] = other["t0_fields/tracer"][...]


@defect("hf32to16_op3.*t0_fields/tracer: is not op3 of its parent")
def other_blocks():
    """Off by half a block: values between the coarse grid points."""
    with edit(file_of("hf32to16_op3")) as f:
        values = f["t0_fields/tracer"][...]
        shift = np.exp(-1j * np.pi * np.fft.fftfreq(values.shape[-1]))
        shift[values.shape[-1] // 2] = 0
        f["t0_fields/tracer"][...] = np.fft.ifft(np.fft.fft(values) * shift).real


@defect("its parent in decay_hf32 is missing")
def no_parent():
    path = file_of("hf32")
    for name in glob.glob(f"{WORK}/rows/*.json"):
        record = json.load(open(name))
        record["files"] = [f for f in record["files"] if f"{WORK}/{f['path']}" != path]
        json.dump(record, open(name, "w"))
    os.remove(path)


@file_defect("parent is decay_lf16, not decay_hf32")
def other_parent():
    with edit(file_of("hf32to16_op1")) as f:
        attribute(f, "parent", "decay_lf16", dtype=TEXT)


# Where files come from.


@file_defect("dataset_name is decay_hf64; its row makes decay_hf32")
def other_name():
    with edit(file_of("hf32")) as f:
        attribute(f, "dataset_name", "decay_hf64", dtype=TEXT)


@file_defect("viscosity is 0.5, and .* in its config")
def other_parameter():
    with edit(file_of("hf32")) as f:
        attribute(f, "viscosity", 0.5)
        f["scalars/viscosity"][()] = 0.5


@file_defect("its name is not that of its parameters and row")
def other_file_name():
    path = file_of("hf32")
    os.rename(path, path.replace("viscosity_0.0", "viscosity_0.1"))


@file_defect("scalars/pair_id: is not what its row says")
def other_pair():
    with edit(file_of("hf32")) as f:
        f["scalars/pair_id"][0] = 7


@file_defect(r"has the shape \(2, 5, 32, 32\), not \(3, 5, 32, 32\)")
def three_trajectories():
    with edit(file_of("hf32")) as f:
        attribute(f, "n_trajectories", 3)


@defect("provenance/row is not row . of runs.jsonl")
def row_of_another():
    with edit(file_of("hf32", "train", 0)) as f, h5py.File(file_of("hf32", "train", 1)) as other:
        text = other["provenance/row"][()]
        del f["provenance/row"]
        f.create_dataset("provenance/row", data=text, dtype=TEXT)


@file_defect("provenance: config is missing")
def no_config():
    with edit(file_of("hf32")) as f:
        del f["provenance/config"]


@file_defect("the end of the file is missing")
def truncated():
    path = file_of("hf32")
    os.truncate(path, os.path.getsize(path) // 2)


# Splits.


@defect("is in the folder valid, and its row is of the split train")
def in_other_split():
    path = file_of("hf32")
    os.rename(path, path.replace("/train/", "/valid/"))


@defect("split is test, that of its row train")
def other_split():
    with edit(file_of("hf32")) as f:
        attribute(f, "split", "test", dtype=TEXT)


@defect(r"trajectory \d starts as trajectory \d of decay_hf32/data/")
def leak():
    with edit(file_of("hf32", "test")) as f, h5py.File(file_of("hf32", "train")) as train:
        for name in ("t0_fields/vorticity", "t0_fields/tracer", "t1_fields/velocity"):
            f[name][0] = train[name][1]


def row_line(row):
    content = {k: v for k, v in row.items() if k != "hash"}
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    return dict(content, hash=hashlib.sha256(text.encode()).hexdigest())


@defect(r"runs.jsonl: rows 0 .* and 1 .* share trajectory")
def trajectory_in_two_rows():
    rows = [json.loads(line) for line in open(f"{WORK}/runs.jsonl")]
    assert row_line(rows[1]) == rows[1], "Python writes numbers in another way"
    rows[1]["first"] = rows[0]["first"]
    rows[1] = row_line(rows[1])
    with open(f"{WORK}/runs.jsonl", "w") as file:
        file.writelines(json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n" for row in rows)


@defect("runs.jsonl: line 2: .* it was changed")
def row_changed():
    lines = open(f"{WORK}/runs.jsonl").readlines()
    lines[1] = lines[1].replace('"split":"', '"split":"x')
    open(f"{WORK}/runs.jsonl", "w").writelines(lines)


@defect("split.csv: '.*' is not what runs.jsonl says")
def other_table():
    replace_text(f"{WORK}/split.csv", ",train,", ",test,")


@defect("quantities.csv: decay_hf32,.*,energy is .*, in the record of the row")
def other_quantity():
    lines = open(f"{WORK}/quantities.csv").readlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("decay_hf32,") and ",energy," in line)
    cells = lines[at].split(",")
    cells[-5] = str(float(cells[-5]) * 1.001)
    lines[at] = ",".join(cells)
    open(f"{WORK}/quantities.csv", "w").writelines(lines)


@defect("its parameters are within those of the training split; sibling oodparam")
def within_the_hull():
    for path in glob.glob(f"{WORK}/decay_oodparam_*/data/test/*.hdf5"):
        with h5py.File(file_of("hf32")) as train, edit(path) as f:
            attribute(f, "viscosity", train.attrs["viscosity"])


@defect("dataset.toml: is not the input of row 0")
def other_input():
    replace_text(f"{WORK}/dataset.toml", "seed = 3", "seed = 4")


# What is published beside the files.


@defect("decay_hf32/stats.yaml: std vorticity is .*, of the training files")
def stale_statistics():
    path = f"{WORK}/decay_hf32/stats.yaml"
    lines = open(path).readlines()
    at = lines.index("std:\n") + 1
    name, value = lines[at].split(": ")
    lines[at] = f"{name}: {float(value) * 1.00001:.12e}\n"
    open(path, "w").writelines(lines)


@defect("decay_hf32/stats.yaml: is missing")
def no_statistics():
    os.remove(f"{WORK}/decay_hf32/stats.yaml")


@defect("decay_hf32/decay_hf32.yaml: says")
def other_card():
    replace_text(f"{WORK}/decay_hf32/decay_hf32.yaml", "trajectories: 8", "trajectories: 9")


@defect("rows/.*json: statistics of vorticity are not those of")
def other_record():
    path = sorted(glob.glob(f"{WORK}/rows/*.json"))[0]
    record = json.load(open(path))
    record["files"][0]["statistics"]["vorticity"][0]["value"][1] += 0.01
    json.dump(record, open(path, "w"))


@defect("rows/000002.json: is missing: the row is not done")
def no_record():
    os.remove(f"{WORK}/rows/000002.json")


@defect("is missing; it is a file of row")
def no_file():
    os.remove(file_of("lf16", "test"))


@defect("is a file of no row")
def stray_file():
    path = file_of("hf32")
    shutil.copy(path, path.replace(".hdf5", "_copy.hdf5"))


# Hashes.


@defect("its SHA-256 is not that in MANIFEST.sha256", hashes=False)
def one_bit():
    path = file_of("hf32")
    with h5py.File(path) as f:
        place = f["t0_fields/vorticity"].id.get_chunk_info(3).byte_offset
    with open(path, "r+b") as file:
        file.seek(place)
        byte = file.read(1)
        file.seek(place)
        file.write(bytes([byte[0] ^ 1]))


@defect("decay_hf32/stats.yaml: is not in MANIFEST.sha256", hashes=False)
def unlisted_file():
    lines = [line for line in open(f"{WORK}/MANIFEST.sha256") if "decay_hf32/stats" not in line]
    open(f"{WORK}/MANIFEST.sha256", "w").writelines(lines)


@defect("more.txt: is missing; it is in MANIFEST.sha256", hashes=False)
def listed_only():
    open(f"{WORK}/MANIFEST.sha256", "a").write("0" * 64 + "  more.txt\n")


@defect("MANIFEST.sha256: is missing", hashes=False)
def no_hashes():
    os.remove(f"{WORK}/MANIFEST.sha256")


@defect("x.hdf5.part: is not finished")
def unfinished():
    open(f"{WORK}/decay_hf32/data/train/x.hdf5.part", "w").close()


def run_check(folder):
    return subprocess.run([starling, "check", folder], capture_output=True, text=True, stdin=subprocess.DEVNULL)


def fresh():
    shutil.rmtree(WORK, ignore_errors=True)
    shutil.copytree(good, WORK)


def changed():
    """Files that are not those of the good data set, below WORK."""
    for folder, _, names in os.walk(WORK):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), WORK)
            source = f"{good}/{path}"
            if not os.path.exists(source) or os.stat(source).st_mtime_ns != os.stat(f"{WORK}/{path}").st_mtime_ns:
                yield path


def check_files():
    """All defects of single files: the names of those that were not found."""
    fresh()
    shutil.copytree(f"{good}/decay_hf32", f"{BATCH}/none/decay_hf32")
    for plant, _ in of_files:
        plant()
        for path in list(changed()):
            target = f"{BATCH}/{plant.__name__}/{path}"
            os.makedirs(os.path.dirname(target))
            shutil.move(f"{WORK}/{path}", target)
        fresh()
    run = run_check(BATCH)
    failures = [] if run.returncode == 2 else ["all"]
    # A folder of one file has no statistics of all.
    lines = [line for line in run.stdout.splitlines() if not line.split(": ")[0].endswith(".yaml")]
    if any(line.startswith("none/") and not line.endswith(" 0 findings") for line in lines):
        failures.append("none")
    for plant, expected in of_files:
        own = [line for line in lines if line.startswith(plant.__name__ + "/")]
        if not any(re.search(expected, line) for line in own):
            print(f"FAILED {plant.__name__}: nothing says '{expected}'", *own, sep="\n", file=sys.stderr)
            failures.append(plant.__name__)
    return failures


def check(plant, expected, hashes):
    fresh()
    plant()
    if hashes:
        rehash()
    run = run_check(WORK)
    problems = []
    if run.returncode != 2:
        problems.append(f"exit code {run.returncode}")
    if not re.search(expected, run.stdout):
        problems.append(f"nothing says '{expected}'")
    if hashes and "SHA-256" in run.stdout:
        problems.append("hashes are blamed")
    if "findings" not in run.stderr:
        problems.append("no number of findings on stderr")
    if problems:
        print(f"FAILED {plant.__name__}: {'; '.join(problems)}", run.stdout + run.stderr, sep="\n", file=sys.stderr)
    return problems


failed = check_files() + [plant.__name__ for plant, *rest in defects if check(plant, *rest)]
print(f"{len(of_files) + len(defects)} defects planted, not found: {', '.join(failed) or 'none'}")
sys.exit(1 if failed else 0)

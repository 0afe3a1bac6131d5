#!/usr/bin/env python3
"""Times an ONNX network with onnxruntime, one inference per line of the standard input.

    onnx_rounds.py FILE [--threads K]

Prints one line of JSON when ready, with the time of the first inference, and then the milliseconds of each further one.
"""

import argparse
import json
import sys
import time

import numpy
import onnxruntime

TYPES = {"tensor(float)": numpy.float32, "tensor(bool)": bool}


def main():
    parser = argparse.ArgumentParser(description="Times an ONNX network with onnxruntime.")
    parser.add_argument("file")
    parser.add_argument("--threads", type=int, default=1, help="threads of an operation (default: 1)")
    arguments = parser.parse_args()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    # Otherwise its threads would spin while another engine is timed.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    began = time.perf_counter()
    session = onnxruntime.InferenceSession(arguments.file, options, providers=["CPUExecutionProvider"])
    loaded = (time.perf_counter() - began) * 1e3
    random = numpy.random.default_rng(1)
    inputs = {
        item.name: random.standard_normal(item.shape, numpy.float32).astype(TYPES[item.type])
        for item in session.get_inputs()
    }
    inputs["padding"] = numpy.zeros(inputs["padding"].shape, bool)

    def inference():
        began = time.perf_counter()
        session.run(None, inputs)
        return (time.perf_counter() - began) * 1e3

    ready = {"adapter": f"CPU, {arguments.threads} threads", "weights_ms": loaded, "results": [{"first_ms": inference()}]}
    print(json.dumps(ready), flush=True)
    for _ in sys.stdin:
        print(inference(), flush=True)


if __name__ == "__main__":
    main()

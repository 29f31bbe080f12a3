import protobuf from 'protobufjs/light.js'

/** As onnx.proto says: a field that is set is written whatever its value. Readers take `keepdims: 0` without it for no attribute. */
const message = (fields: Readonly<Record<string, protobuf.IField>>) => ({ edition: 'proto2', fields })

/**
 * The messages of the ONNX format that Trellis writes (field numbers of onnx.proto, IR version 10). Protobuf readers
 * skip nothing that is absent, so fields that are never written are left out.
 */
const root = protobuf.Root.fromJSON({
  nested: {
    Model: message({
      irVersion: { type: 'int64', id: 1 },
      producerName: { type: 'string', id: 2 },
      graph: { type: 'Graph', id: 7 },
      opsetImport: { rule: 'repeated', type: 'OperatorSet', id: 8 },
      metadataProps: { rule: 'repeated', type: 'StringEntry', id: 14 },
    }),
    OperatorSet: message({ domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } }),
    StringEntry: message({ key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } }),
    Graph: message({
      node: { rule: 'repeated', type: 'Node', id: 1 },
      name: { type: 'string', id: 2 },
      initializer: { rule: 'repeated', type: 'Tensor', id: 5 },
      input: { rule: 'repeated', type: 'ValueInfo', id: 11 },
      output: { rule: 'repeated', type: 'ValueInfo', id: 12 },
    }),
    Node: message({
      input: { rule: 'repeated', type: 'string', id: 1 },
      output: { rule: 'repeated', type: 'string', id: 2 },
      name: { type: 'string', id: 3 },
      opType: { type: 'string', id: 4 },
      attribute: { rule: 'repeated', type: 'Attribute', id: 5 },
      domain: { type: 'string', id: 7 },
    }),
    Attribute: message({
      name: { type: 'string', id: 1 },
      f: { type: 'float', id: 2 },
      i: { type: 'int64', id: 3 },
      s: { type: 'bytes', id: 4 },
      t: { type: 'Tensor', id: 5 },
      floats: { rule: 'repeated', type: 'float', id: 7 },
      ints: { rule: 'repeated', type: 'int64', id: 8 },
      type: { type: 'int32', id: 20 },
    }),
    Tensor: message({
      dims: { rule: 'repeated', type: 'int64', id: 1 },
      dataType: { type: 'int32', id: 2 },
      name: { type: 'string', id: 8 },
      rawData: { type: 'bytes', id: 9 },
    }),
    ValueInfo: message({ name: { type: 'string', id: 1 }, type: { type: 'Type', id: 2 } }),
    Type: message({ tensorType: { type: 'TensorType', id: 1 } }),
    TensorType: message({ elemType: { type: 'int32', id: 1 }, shape: { type: 'Shape', id: 2 } }),
    Shape: message({ dim: { rule: 'repeated', type: 'Dimension', id: 1 } }),
    Dimension: message({ dimValue: { type: 'int64', id: 1 }, dimParam: { type: 'string', id: 2 } }),
  },
})

export const modelMessage = root.lookupType('Model')

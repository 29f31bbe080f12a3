/** TensorProto.DataType */
export const elementTypes = { float32: 1, int32: 6, int64: 7 } as const

/** AttributeProto.AttributeType */
export const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const

"""Opens a model of any size and one of a fixed size by whatever Python has here; prints how far each logit is from what is expected."""
import json, sys
import numpy as np

folder, shape = sys.argv[1], json.loads(sys.argv[2])
image = np.fromfile(f'{folder}/image', np.float32).reshape(shape)
expected = np.fromfile(f'{folder}/logits', np.float32)
read = {}


def compare(name, logits):
    read[name] = float(np.abs(np.asarray(logits).ravel() - expected).max())


try:
    import onnx

    for name in ('any', 'fixed'):
        onnx.checker.check_model(onnx.load(f'{folder}/{name}.onnx'), full_check=True)
        read[f'onnx {onnx.__version__} {name}'] = 0
except ImportError:
    pass
try:
    import onnxruntime

    for name in ('any', 'fixed'):
        session = onnxruntime.InferenceSession(f'{folder}/{name}.onnx', providers=['CPUExecutionProvider'])
        compare(f'onnxruntime {onnxruntime.__version__} {name}', session.run(['logits'], {'image': image})[0])
except ImportError:
    pass
try:
    import cv2

    # OpenCV 4 takes no size that is computed.
    for name in ('fixed', 'any') if int(cv2.__version__.split('.')[0]) > 4 else ('fixed',):
        net = cv2.dnn.readNetFromONNX(f'{folder}/{name}.onnx')
        net.setInput(image)
        compare(f'opencv {cv2.__version__} {name}', net.forward('logits'))
except ImportError:
    pass
print(json.dumps(read))

"""What the peers in PyTorch share: how they are timed, beside bench/timed.ts."""
import json
import resource
import sys
import time


def timed(step, warm_up, steps, **facts):
    """Warms up, waits for a line on standard input, and prints seconds for each step and those of processor time, the
    peak memory in bytes, and facts, as JSON."""
    for number in range(warm_up):
        step(number)
    print("ready", flush=True)
    sys.stdin.readline()
    seconds, processor = [], []
    for number in range(steps):
        start, before = time.perf_counter(), time.process_time()
        step(warm_up + number)
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "processor": processor, "peakBytes": peak, **facts}), flush=True)

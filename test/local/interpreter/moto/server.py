"""Step Functions as moto interprets it: LocalStack's interpreter, with dashjoin's JSONata on a JVM.

usage: server.py JSONATA_JAR SERVICES

Prints its own address, then each event of each execution as a line of JSON. Functions and jobs are those of the address SERVICES,
which speaks the protocols of Lambda and of Batch. GAPS is what moto does not do and AWS documents, with the reason; whatever else
differs from AWS is not mended here.
"""

import enum
import functools
import json
import os
import sys
import threading
import types
import uuid

import boto3
import botocore.session
import jpype
from moto.core.config import default_user_config
from moto.server import ThreadedMotoServer
from moto.stepfunctions.parser.api import HistoryEventType, MapRunFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader import item_reader_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval.resource_output_transformer.transformer import (
    ResourceOutputTransformer,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.reader_config import input_type
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor import (
    distributed_item_processor_worker as distributed,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_batch as batch,
    state_task_service_callback as callback,
    state_task_service_sfn as sfn,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.asl.jsonata import jsonata
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

JAR, SERVICES = sys.argv[1:]


def evaluates_jsonata():
    """moto has left LocalStack's engine out: it evaluates no expression at all."""
    jpype.startJVM(classpath=[JAR])
    engine = jpype.JClass("com.dashjoin.jsonata.Jsonata")
    to_text = jpype.JClass("com.dashjoin.jsonata.Functions").string
    java_map = jpype.JClass("java.util.HashMap")

    def evaluate(expression):
        try:
            answer = java_map()
            answer.put("value", engine.jsonata(expression).evaluate(None))
            return json.loads(str(to_text(answer, False)))["value"]
        except Exception as thrown:
            raise jsonata.JSONataException("UNKNOWN", str(thrown)) from thrown

    jsonata._eval_jsonata = evaluate


def speaks_pascal_case():
    """moto hands the parameters of Batch and Step Functions on as they stand in definitions; their APIs have camel case."""

    def shape(self, operation, side):
        names = {"submitJob": "SubmitJob", "describe_jobs": "DescribeJobs"}
        names |= {"startExecution": "StartExecution", "describe_execution": "DescribeExecution"}
        model = models[self._get_boto_service_name()].operation_model(names[operation or self.resource.api_action])
        return getattr(model, f"{side}_shape")

    def parameters_of(self, parameters, boto_service_name=None, service_action_name=None):
        self._to_boto_request(parameters, shape(self, service_action_name, "input"))

    def response_of(self, response, boto_service_name=None, service_action_name=None):
        self._from_boto_response(response, shape(self, service_action_name, "output"))

    session = botocore.session.get_session()
    models = {name: session.get_service_model(name) for name in ("batch", "stepfunctions")}
    take_input = sfn.StateTaskServiceSfn._normalise_parameters

    def parameters_with_input(self, parameters, boto_service_name=None, service_action_name=None):
        take_input(self, parameters, boto_service_name, service_action_name)
        parameters_of(self, parameters, boto_service_name, service_action_name)

    batch.StateTaskServiceBatch._normalise_parameters = parameters_of
    batch.StateTaskServiceBatch._normalise_response = response_of
    sfn.StateTaskServiceSfn._normalise_parameters = parameters_with_input
    sfn.StateTaskServiceSfn._normalise_response = response_of


def names_executions():
    """moto calls each execution that has no name `None`, and refuses the second."""
    backend = StepFunctionsParserBackend
    start_execution = backend.start_execution

    def start_with_name(self, state_machine_arn, name=None, *more, **options):
        return start_execution(self, state_machine_arn, name or str(uuid.uuid4()), *more, **options)

    backend.start_execution = start_with_name


def reads_json_lines():
    """moto reads CSV and JSON; AWS documents JSONL as well."""
    input_type.InputTypeValue = enum.Enum("InputTypeValue", {"JSONL": "JSONL"})

    class JsonLines(ResourceOutputTransformer):
        def _eval_body(self, env):
            env.stack.pop()  # The ReaderConfig.
            text = env.stack.pop()
            env.stack.append([json.loads(line) for line in text.splitlines()])

    item_reader_decl.resource_output_transformer_for = lambda **_: JsonLines()


def propagates_tags():
    """moto drops PropagateTags from a submit, which AWS documents."""
    batch._SUPPORTED_API_PARAM_BINDINGS["submitjob"].add("PropagateTags")


def tells_causes_in_compact_json():
    """moto puts spaces into the descriptions of jobs and executions that failed; AWS does not."""
    compact = functools.partial(to_json_str, separators=(",", ":"))
    batch.to_json_str = compact
    sfn.to_json_str = compact


def waits_for_jobs_that_are_retried():
    """moto lets a .sync task wait for its token as well, which a first attempt that fails gives up: the next times out at once."""
    service = callback.StateTaskServiceCallback
    eval_sync = service._eval_sync
    service._eval_sync = lambda self, **options: eval_sync(self, **{**options, "callback_endpoint": None})


def holds_map_runs_to_their_threshold():
    """moto tolerates all failures of the children of a Distributed Map; AWS fails the state beyond the threshold."""
    worker = distributed.DistributedItemProcessorWorker
    eval_job = worker._eval_job

    def eval_job_and_count(self, env, job):
        eval_job(self, env, job)
        record = self._map_run_record
        if record.item_counter.failed.get() <= record.tolerated_failure_count:
            return
        error = StatesErrorNameType.StatesExceedToleratedFailureThreshold
        details = MapRunFailedEventDetails(
            error=error.to_name(), cause="The specified tolerated failure threshold was exceeded"
        )
        job.job_output = FailureEventException(
            FailureEvent(
                env=env,
                error_name=StatesErrorName(typ=error),
                event_type=HistoryEventType.MapRunFailed,
                event_details=EventDetails(mapRunFailedEventDetails=details),
            )
        )

    worker._eval_job = eval_job_and_count


GAPS = [
    evaluates_jsonata,
    speaks_pascal_case,
    names_executions,
    reads_json_lines,
    propagates_tags,
    tells_causes_in_compact_json,
    waits_for_jobs_that_are_retried,
    holds_map_runs_to_their_threshold,
]


def wait_for_nothing():
    """Nothing that is compared depends on how long a retry waits."""
    retrier_decl.time = types.SimpleNamespace(sleep=lambda _: None)
    callback._DELAY_SECONDS_SYNC_CONDITION_CHECK = 0.005


def call_services():
    """Lambda and Batch are those of the test. Clients are kept, as making one takes longer than all that is asked of it."""

    @functools.cache
    def client(service, region, endpoint):
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=SERVICES if service in ("lambda", "batch") else endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=boto3.session.Config(parameter_validation=False, retries={"total_max_attempts": 1}),
        )

    def client_of(service_name, region_name, endpoint_url=None, **_):
        return client(service_name, region_name, endpoint_url)

    boto_client.boto3 = types.SimpleNamespace(client=client_of)


def tell_events():
    """Also those of the children of Distributed Maps, whose histories moto does not keep."""
    add_event = EventManager.add_event
    lock = threading.Lock()

    def add_and_tell(self, context, event_type, event_details=None, *more, **options):
        details = next(iter((event_details or {}).values()), {})
        with lock:
            print(json.dumps({"type": event_type, "details": details}, default=str), flush=True)
        return add_event(self, context, event_type, event_details, *more, **options)

    EventManager.add_event = add_and_tell


for gap in GAPS:
    gap()
wait_for_nothing()
call_services()
tell_events()
default_user_config["stepfunctions"] = {"execute_state_machine": True}
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
port = server.get_host_and_port()[1]
os.environ["MOTO_PORT"] = str(port)
print(f"http://127.0.0.1:{port}", flush=True)
# Whoever started this holds the other end.
sys.stdin.read()

import json
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def ask(lab):
    """Returns the status and the body of an answer, and how many seconds it took."""
    began = time.monotonic()
    body = json.dumps({"question": "What is a proof load?"}).encode()
    try:
        with urlopen(Request(f"{lab.url}/ask", body, {"content-type": "application/json"}), timeout=10) as response:
            return response.status, json.load(response), time.monotonic() - began
    except HTTPError as error:
        return error.code, json.load(error), time.monotonic() - began


def test_answers(lab):
    status, body, _ = ask(lab)
    assert status == 200
    assert body["answer"]


def test_an_llm_that_fails_is_503_until_it_works_again(lab):
    lab.fault("llm", kind="status", status=500)
    assert ask(lab)[0] == 503
    assert lab.receipts("llm")[-1]["faults"] == ["f1:status"]
    lab.heal()
    assert ask(lab)[0] == 200


def test_an_llm_that_hangs_is_503_in_time(lab):
    lab.fault("llm", kind="hang")
    status, _, seconds = ask(lab)
    assert status == 503
    assert seconds < 3

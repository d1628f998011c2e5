"""Does one thing with OpenAI's official client and prints what came of it, a line of JSON for each step.

Where and who are in OPENAI_BASE_URL and OPENAI_API_KEY, which the client reads by itself; nothing else is set.
"""

import json
import sys
import time

import openai

MODEL = "storyteller"
PROMPT = "Tell a story about a brave fox and a lost key"
MESSAGES = [{"role": "user", "content": PROMPT}]


def say(**fields):
    print(json.dumps(fields), flush=True)


def told(call):
    """The error that a call ends with, as the client shows it."""
    try:
        call()
    except openai.APIError as error:
        status = getattr(error, "status_code", None)
        return {"type": type(error).__name__, "status": status, "code": error.code, "message": error.message}
    return {"type": None}


def chat(client):
    answer = client.chat.completions.create(model=MODEL, messages=MESSAGES, max_tokens=24)
    say(text=answer.choices[0].message.content, tokens=answer.usage.completion_tokens)


def stream(client):
    pieces, usage = [], None
    options = {"include_usage": True}
    asked = dict(model=MODEL, messages=MESSAGES, max_tokens=24, stream=True, stream_options=options)
    for chunk in client.chat.completions.create(**asked):
        pieces += [choice.delta.content for choice in chunk.choices if choice.delta.content]
        usage = chunk.usage or usage
    say(text="".join(pieces), pieces=len(pieces), tokens=usage.completion_tokens)


def responses(client):
    whole = client.responses.create(model=MODEL, input=PROMPT, max_output_tokens=24)
    say(text=whole.output_text, tokens=whole.usage.output_tokens)
    # Without a limit: this client takes an answer that was cut by one for an error.
    with client.responses.stream(model=MODEL, input=PROMPT) as events:
        text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
        final = events.get_final_response()
    say(text=text, final=final.output_text, tokens=final.usage.output_tokens)


def embeddings(client):
    packed = client.embeddings.create(model=MODEL, input=["A fox.", "An owl in the snow."])
    plain = client.embeddings.create(model=MODEL, input=["A fox.", "An owl in the snow."], encoding_format="float")
    near = max(abs(a - b) for one, other in zip(packed.data, plain.data) for a, b in zip(one.embedding, other.embedding))
    say(lengths=[len(one.embedding) for one in packed.data], near=near)


def models(client):
    say(ids=[model.id for model in client.models.list()], one=client.models.retrieve(MODEL).id)


def batch(client):
    def line(name, **more):
        body = {"model": MODEL, "messages": MESSAGES, "max_tokens": 8, **more}
        return json.dumps({"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body})

    lines = [line("fox"), line("odd", temperature=9), line("owl")]
    file = client.files.create(file=("stories.jsonl", "\n".join(lines).encode()), purpose="batch")
    made = client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")
    until = time.monotonic() + 60
    while made.status not in ("completed", "failed", "expired", "cancelled") and time.monotonic() < until:
        time.sleep(0.2)
        made = client.batches.retrieve(made.id)

    def read(id):
        return [json.loads(line) for line in client.files.content(id).text.splitlines()]

    answers, errors = read(made.output_file_id), read(made.error_file_id)
    say(
        status=made.status,
        counts=made.request_counts.model_dump(),
        metadata=made.metadata,
        answers={one["custom_id"]: one["response"]["body"]["choices"][0]["message"]["content"] for one in answers},
        errors={one["custom_id"]: one["error"]["code"] for one in errors},
        listed=made.id in [one.id for one in client.batches.list()],
    )
    client.files.delete(file.id)
    say(**told(lambda: client.files.retrieve(file.id)))


def errors(client):
    ask = client.chat.completions.create
    say(**told(lambda: ask(model="unheard-of", messages=MESSAGES)))
    say(**told(lambda: ask(model=MODEL, messages=MESSAGES, temperature=9)))
    say(**told(lambda: ask(model=MODEL, messages=[])))
    say(**told(lambda: openai.OpenAI(api_key="sk-wrong").chat.completions.create(model=MODEL, messages=MESSAGES)))


def refused(client):
    say(**told(lambda: client.chat.completions.create(model=MODEL, messages=MESSAGES, max_tokens=8)))


def long(client):
    """A stream during which its provider may die. With a second word the request leaves no choice of tokens."""
    asked = dict(model=MODEL, messages=MESSAGES, max_tokens=400, stream=True)
    if len(sys.argv) > 2:
        asked["temperature"] = 0
    raw = client.chat.completions.with_raw_response.create(**asked)
    say(provider=raw.headers["touchstone-provider"])
    pieces = []

    def read():
        for chunk in raw.parse():
            pieces.extend(choice.delta.content for choice in chunk.choices if choice.delta.content)
            if len(pieces) == 3:
                say(reading=True)

    error = told(read)
    say(text="".join(pieces), error=error)


globals()[sys.argv[1]](openai.OpenAI())

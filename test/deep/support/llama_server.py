"""Serves the GGUF file that is named first with llama.cpp's own HTTP server; with a second word it makes embeddings too.

Prints its base URL, and ends with its standard input.
"""

import sys

import xllamacpp as xlc

params = xlc.CommonParams()
params.model.path = sys.argv[1]
params.model_alias = {"storyteller"}
params.n_ctx = 4096
params.n_parallel = 2
params.n_gpu_layers = 0
params.cpuparams.n_threads = 1
params.endpoint_slots = True
params.port = 0
if len(sys.argv) > 2:
    params.embedding = True
    params.pooling_type = xlc.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN

server = xlc.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()

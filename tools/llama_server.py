"""Starts the llama-server inside the package xllamacpp with the options of the executable.

Run by tools/llama-server. Takes the options that Ponder and its tests use; another one ends the start, as it
does with the executable. One option is its own: --duty PERCENT stops and continues the process all the time, so
that it runs for that share only. That makes a slow machine of a fast one, for tests that have to come between.
"""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time

SLICE_SECONDS = 0.05
PACER = "--pacer"


def options():
    parser = argparse.ArgumentParser(prog="llama-server", allow_abbrev=False)
    add = parser.add_argument
    add("-m", "--model", required=True)
    add("-a", "--alias")
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=8080)
    add("-np", "--parallel", type=int, default=1)
    add("-c", "--ctx-size", type=int, default=0)
    add("-n", "--predict", type=int, default=-1)
    add("-t", "--threads", type=int, default=-1)
    add("-tb", "--threads-batch", type=int, default=-1)
    add("-b", "--batch-size", type=int, default=2048)
    add("-ub", "--ubatch-size", type=int, default=512)
    add("-ngl", "--n-gpu-layers", type=int, default=-1)
    add("-fa", "--flash-attn", choices=["on", "off", "auto"], default="auto")
    add("-ctk", "--cache-type-k", default="f16")
    add("-ctv", "--cache-type-v", default="f16")
    add("-kvu", "--kv-unified", action="store_true")
    add("-cb", "--cont-batching", action=argparse.BooleanOptionalAction, default=None)
    add("-lm", "--load-mode", default="auto")
    add("-sm", "--split-mode", choices=["none", "layer", "row"], default="layer")
    add("--rope-scaling", choices=["none", "linear", "yarn"], default="unspecified")
    add("--rope-scale", type=float)
    add("--dry-multiplier", type=float)
    add("--dry-allowed-length", type=int)
    add("--seed", type=int)
    add("--temp", type=float)
    add("--top-k", type=int)
    add("--top-p", type=float)
    add("--min-p", type=float)
    add("--repeat-penalty", type=float, dest="penalty_repeat")
    add("--presence-penalty", type=float, dest="penalty_present")
    add("--cache-ram", type=int, default=8192)
    add("--slot-save-path", default="")
    add("--sleep-idle-seconds", type=int, default=-1)
    # The variable keeps the key out of the list of processes.
    add("--api-key", default=os.environ.get("LLAMA_API_KEY", ""))
    for name in ("context-shift", "warmup", "webui", "slots", "jinja"):
        add("--" + name, action=argparse.BooleanOptionalAction, default=None)
    add("--props", action="store_true")
    add("--metrics", action="store_true")
    add("--log-disable", action="store_true")
    add("--duty", type=int, default=100)
    asked, others = parser.parse_known_args()
    if others:
        sys.exit(f"error: invalid argument: {others[0]}")
    return asked


def number_of(kind, prefix, name):
    for member in kind:
        if member.name == prefix + name.upper():
            return member
    sys.exit(f"error: unknown value '{name}'; known are " + ", ".join(m.name.removeprefix(prefix) for m in kind))


def parameters(asked):
    import xllamacpp

    p = xllamacpp.CommonParams()
    p.model.path = asked.model
    if asked.alias:
        p.model_alias = set(asked.alias.split(","))
    p.hostnames, p.port = [asked.host], asked.port
    p.n_parallel, p.n_ctx, p.n_predict = asked.parallel, asked.ctx_size, asked.predict
    p.cpuparams.n_threads, p.cpuparams_batch.n_threads = asked.threads, asked.threads_batch
    p.n_batch, p.n_ubatch, p.n_gpu_layers = asked.batch_size, asked.ubatch_size, asked.n_gpu_layers
    p.kv_unified, p.cache_ram_mib = asked.kv_unified, asked.cache_ram
    flash = "enabled" if asked.flash_attn == "on" else "disabled" if asked.flash_attn == "off" else "auto"
    p.flash_attn_type = number_of(xllamacpp.llama_flash_attn_type, "LLAMA_FLASH_ATTN_TYPE_", flash)
    p.cache_type_k = number_of(xllamacpp.ggml_type, "GGML_TYPE_", asked.cache_type_k)
    p.cache_type_v = number_of(xllamacpp.ggml_type, "GGML_TYPE_", asked.cache_type_v)
    p.load_mode = number_of(xllamacpp.llama_load_mode, "LLAMA_LOAD_MODE_", asked.load_mode.replace("+", "_"))
    p.split_mode = number_of(xllamacpp.llama_split_mode, "LLAMA_SPLIT_MODE_", asked.split_mode)
    p.rope_scaling_type = number_of(
        xllamacpp.llama_rope_scaling_type, "LLAMA_ROPE_SCALING_TYPE_", asked.rope_scaling
    )
    if asked.rope_scale:
        p.rope_freq_scale = 1 / asked.rope_scale
    p.cont_batching = asked.cont_batching is not False
    p.sleep_idle_seconds = asked.sleep_idle_seconds
    p.endpoint_props, p.endpoint_metrics = asked.props, asked.metrics
    p.endpoint_slots = asked.slots is not False
    p.warmup = asked.warmup is not False
    p.ui = asked.webui is not False
    p.use_jinja = asked.jinja is not False
    p.ctx_shift = asked.context_shift is True
    sampling = ("seed", "temp", "top_k", "top_p", "min_p", "penalty_repeat", "penalty_present")
    for name in sampling + ("dry_multiplier", "dry_allowed_length"):
        if getattr(asked, name) is not None:
            setattr(p.sampling, name, getattr(asked, name))
    if asked.api_key:
        p.api_keys = asked.api_key.split(",")
    if asked.slot_save_path:
        if not os.path.isdir(asked.slot_save_path):
            sys.exit(f"error: not a directory: {asked.slot_save_path}")
        # The server puts the name of the file right behind it.
        p.slot_save_path = os.path.join(asked.slot_save_path, "")
    if asked.log_disable:
        p.verbosity = -1
    return p


def keep_to(duty):
    """Has another process stop and continue this one; it ends when this one does."""
    # No fork: the server's threads hold locks that a copy of this process would wait for.
    pacer = [sys.executable, __file__, PACER, str(os.getpid()), str(duty)]
    subprocess.Popen(pacer, stdin=subprocess.DEVNULL)


def pace(server, duty):
    runs = SLICE_SECONDS * duty / 100
    try:
        while os.getppid() == server:
            os.kill(server, signal.SIGSTOP)
            time.sleep(SLICE_SECONDS - runs)
            os.kill(server, signal.SIGCONT)
            time.sleep(runs)
    except ProcessLookupError:
        pass


def main():
    asked = options()
    if not 1 <= asked.duty <= 100:
        sys.exit(f"error: --duty is {asked.duty} and has to be between 1 and 100")
    if not os.path.isfile(asked.model):
        sys.exit(f"error: failed to open the model file {asked.model}")
    import xllamacpp

    try:
        server = xllamacpp.Server(parameters(asked))
    except RuntimeError as e:
        # What was wrong is in the log above it.
        sys.exit(f"error: {e}")
    # The server's threads do the work; it ends as the executable does, by a signal.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    print(f"listening on {server.listening_address}", flush=True)
    if asked.duty < 100:
        keep_to(asked.duty)
    threading.Event().wait()


if __name__ == "__main__":
    if sys.argv[1:2] == [PACER]:
        pace(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()

/**
 * The program that a Python interpreter runs for one reward function: it reads a line of JSON a request and answers one
 * line. What the function prints goes to stderr, so that it cannot be taken for an answer. Arguments: file, function.
 */
export const rewardRunner = `
import importlib.util, inspect, json, math, os, sys, traceback

answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
sys.stdout = sys.stderr


def say(value):
    answers.write(json.dumps(value) + "\\n")
    answers.flush()


def number(value):
    if value is None:
        return None
    value = float(value)
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")


def parts(value):
    """A number, or a dict whose numbers are components and whose score is the total, as verl's managers read it."""
    if isinstance(value, dict):
        numbers = {}
        for name, one in value.items():
            try:
                numbers[str(name)] = number(one)
            except (TypeError, ValueError):
                pass
        if "score" not in numbers:
            raise KeyError("the dict that the reward returned holds no number 'score'")
        return {"total": numbers["score"], "components": numbers}
    return {"total": number(value), "components": {}}


def as_messages(texts):
    return [[{"role": "assistant", "content": text}] for text in texts]


def verl(function, request):
    names = inspect.signature(function).parameters
    given = {"data_source": request["data_source"], "solution_str": request["completion"],
             "ground_truth": request["ground_truth"], "extra_info": request["extra_info"]}
    takes_all = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in names.values())
    return parts(function(**{k: v for k, v in given.items() if takes_all or k in names}))


class Trl:
    def __init__(self, function):
        self.function = function
        self.messages = False

    def __call__(self, request):
        texts = request["completions"]
        tries = [True] if self.messages else [False, True]
        failure = None
        for messages in tries:
            completions = as_messages(texts) if messages else texts
            try:
                values = self.function(prompts=request["prompts"], completions=completions, **request["columns"])
                self.messages = messages
                return [parts(value) for value in values]
            except (TypeError, KeyError, IndexError, AttributeError) as error:
                # A function for conversations takes completion[0]["content"]; the first error is the one to tell.
                failure = failure or error
        raise failure


try:
    path, name = sys.argv[1], sys.argv[2]
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    spec = importlib.util.spec_from_file_location("saccade_reward", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["saccade_reward"] = module
    spec.loader.exec_module(module)
    function = getattr(module, name)
    names = inspect.signature(function).parameters
    kind = "trl" if "completions" in names else "verl" if "solution_str" in names else None
    if kind is None:
        raise TypeError(name + " takes neither solution_str (verl) nor completions (TRL)")
    say({"ready": kind})
except BaseException as error:
    say({"error": "%s: %s" % (type(error).__name__, error), "trace": traceback.format_exc()})
    sys.exit(1)

trl = Trl(function)
for line in sys.stdin:
    try:
        request = json.loads(line)
        say({"values": trl(request) if kind == "trl" else verl(function, request)})
    except Exception as error:
        say({"error": "%s: %s" % (type(error).__name__, error), "trace": traceback.format_exc()})
`;

"""The contract web/openapi.yaml, and checking answers against it.

The checker knows the part of JSON Schema 2020-12 the contract uses; a keyword it does not know is an error,
so that nothing there is only decoration.
"""
import datetime
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "web"))
import openapi  # noqa: E402

TYPES = {
    "object": lambda v: isinstance(v, dict), "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str), "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
}
FORMATS = {
    "date": lambda v: datetime.date.fromisoformat(v),
    "date-time": lambda v: datetime.datetime.strptime(v, "%Y-%m-%dT%H:%M:%SZ"),
}
IGNORED = {"description", "default"}


class Mismatch(AssertionError):
    pass


class Contract:
    def __init__(self, text=None):
        self.document = openapi.load(text or (ROOT / "web/openapi.yaml").read_text(encoding="utf-8"))
        self.checks = {
            "$ref": self._ref, "type": self._type, "enum": self._enum, "const": self._const,
            "properties": self._properties, "required": self._required, "items": self._items,
            "additionalProperties": self._additional, "allOf": self._all_of, "pattern": self._pattern,
            "format": self._format, "minimum": self._minimum, "maximum": self._maximum,
            "minLength": self._min_length, "maxLength": self._max_length, "minItems": self._min_items,
            "maxItems": self._max_items,
        }

    def resolve(self, value):
        while "$ref" in value:
            found = self.document
            for name in value["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            value = found
        return value

    def operations(self):
        """(method, path, operation) of everything in the contract."""
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                if method != "parameters":
                    yield method.upper(), path, operation

    def find(self, method, path):
        """The path of the contract that `path` is an example of, and its operation."""
        for name, methods in self.document["paths"].items():
            pattern = re.escape(name).replace(r"\{", "{").replace(r"\}", "}")
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path) and method.lower() in methods:
                if "{" not in name or path not in self.document["paths"]:
                    return name, methods[method.lower()]
        raise Mismatch(f"{method} {path} is not in the contract")

    def check_answer(self, method, path, status, headers, value):
        """`value` is the body, parsed where it is JSON. The path of the contract."""
        name, operation = self.find(method, path.split("?")[0])
        if str(status) not in operation["responses"]:
            raise Mismatch(f"{method} {path}: status {status} is not in the contract: {value}")
        response = self.resolve(operation["responses"][str(status)])
        kind = headers.get("content-type", "").split(";")[0]
        if kind not in response["content"]:
            raise Mismatch(f"{method} {path}: {status} as {kind!r}, the contract has {list(response['content'])}")
        for header in response.get("headers", {}):
            if header.lower() not in headers:
                raise Mismatch(f"{method} {path}: {status} without {header}")
        if kind.endswith("json"):
            self.check(response["content"][kind]["schema"], value, f"{method} {path} {status}: $")
        return name

    # ---- JSON Schema ----

    def check(self, schema, value, place="$"):
        for keyword, argument in schema.items():
            if keyword not in IGNORED:
                if keyword not in self.checks:
                    raise Mismatch(f"the contract uses {keyword}, which is not checked")
                self.checks[keyword](argument, value, place, schema)

    @staticmethod
    def expect(condition, place, what, value):
        if not condition:
            raise Mismatch(f"{place}: {what}: {str(value)[:300]}")

    def _ref(self, argument, value, place, _):
        self.check(self.resolve({"$ref": argument}), value, place)

    def _type(self, argument, value, place, _):
        names = argument if isinstance(argument, list) else [argument]
        self.expect(any(TYPES[name](value) for name in names), place, f"is no {names}", value)

    def _enum(self, argument, value, place, _):
        self.expect(value in argument, place, f"is none of {argument}", value)

    def _const(self, argument, value, place, _):
        self.expect(value == argument, place, f"is not {argument}", value)

    def _properties(self, argument, value, place, _):
        for name, schema in argument.items():
            if isinstance(value, dict) and name in value:
                self.check(schema, value[name], f"{place}.{name}")

    def _required(self, argument, value, place, _):
        if isinstance(value, dict):
            missing = [name for name in argument if name not in value]
            self.expect(not missing, place, f"lacks {missing}", value)

    def _additional(self, argument, value, place, schema):
        if argument is False and isinstance(value, dict):
            extra = sorted(set(value) - set(schema.get("properties", {})))
            self.expect(not extra, place, f"has {extra} besides", value)

    def _items(self, argument, value, place, _):
        if isinstance(value, list):
            for i, item in enumerate(value):
                self.check(argument, item, f"{place}[{i}]")

    def _all_of(self, argument, value, place, _):
        for schema in argument:
            self.check(schema, value, place)

    def _pattern(self, argument, value, place, _):
        if isinstance(value, str):
            self.expect(re.search(argument, value), place, f"does not match {argument}", value)

    def _format(self, argument, value, place, _):
        if isinstance(value, str):
            try:
                FORMATS[argument](value)
            except ValueError:
                self.expect(False, place, f"is no {argument}", value)

    def _minimum(self, argument, value, place, _):
        self.expect(not isinstance(value, (int, float)) or value >= argument, place, f"is below {argument}", value)

    def _maximum(self, argument, value, place, _):
        self.expect(not isinstance(value, (int, float)) or value <= argument, place, f"is above {argument}", value)

    def _min_length(self, argument, value, place, _):
        self.expect(not isinstance(value, str) or len(value) >= argument, place, "is too short", value)

    def _max_length(self, argument, value, place, _):
        self.expect(not isinstance(value, str) or len(value) <= argument, place, "is too long", value)

    def _min_items(self, argument, value, place, _):
        self.expect(not isinstance(value, list) or len(value) >= argument, place, "has too few", value)

    def _max_items(self, argument, value, place, _):
        self.expect(not isinstance(value, list) or len(value) <= argument, place, "has too many", value)

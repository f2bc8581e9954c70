"""Each of our descriptors is a subset of bosdyn-api's: what is ours exists there, in a file of the
same name, with the same number, type and label. Needs no server."""

import importlib
import os
import pathlib
import subprocess
import tempfile
import unittest

from google.protobuf import descriptor_pb2

PROTOS = pathlib.Path(os.environ["PROTOS_DIR"])
FIELD = descriptor_pb2.FieldDescriptorProto


def our_files():
    """Our bosdyn/api files as protoc reads them."""
    names = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.glob("bosdyn/**/*.proto"))
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run([os.environ["PROTOC"], f"-I{PROTOS}", f"--descriptor_set_out={out.name}",
                        *names], check=True)
        found = descriptor_pb2.FileDescriptorSet.FromString(out.read())
    assert [file.name for file in found.file] and len(found.file) == len(names)
    return found.file


def their_file(name):
    module = importlib.import_module(name.removesuffix(".proto").replace("/", ".") + "_pb2")
    file = descriptor_pb2.FileDescriptorProto()
    module.DESCRIPTOR.CopyToProto(file)
    return file


def by_name(items):
    return {item.name: item for item in items}


def oneof_of(field, message):
    """The name of the oneof that holds the field; None also for proto3's `optional`."""
    if not field.HasField("oneof_index") or field.proto3_optional:
        return None
    return message.oneof_decl[field.oneof_index].name


def differences(ours, theirs):
    """Yields a sentence for everything in our file that is not in theirs."""
    if ours.package != theirs.package:
        yield f"{ours.name}: package {ours.package}, not {theirs.package}"
    yield from in_scope(f"{ours.name}: ", ours.message_type, theirs.message_type,
                        message_differences)
    yield from in_scope(f"{ours.name}: ", ours.enum_type, theirs.enum_type, enum_differences)
    yield from in_scope(f"{ours.name}: ", ours.service, theirs.service, service_differences)


def in_scope(where, ours, theirs, compare):
    known = by_name(theirs)
    for item in ours:
        if item.name in known:
            yield from compare(f"{where}{item.name}", item, known[item.name])
        else:
            yield f"{where}{item.name} does not exist"


def message_differences(where, ours, theirs):
    yield from in_scope(f"{where}.", ours.nested_type, theirs.nested_type, message_differences)
    yield from in_scope(f"{where}.", ours.enum_type, theirs.enum_type, enum_differences)
    if ours.options.map_entry != theirs.options.map_entry:
        yield f"{where}: map on one side only"
    known = by_name(theirs.field)
    for field in ours.field:
        other = known.get(field.name)
        if other is None:
            yield f"{where}.{field.name} does not exist"
            continue
        mine = (field.number, FIELD.Type.Name(field.type), field.type_name,
                FIELD.Label.Name(field.label), field.proto3_optional, oneof_of(field, ours))
        yours = (other.number, FIELD.Type.Name(other.type), other.type_name,
                 FIELD.Label.Name(other.label), other.proto3_optional, oneof_of(other, theirs))
        if mine != yours:
            yield f"{where}.{field.name}: {mine}, not {yours}"
    used = {field.number: field.name for field in theirs.field}
    for taken in ours.reserved_range:
        for number in range(taken.start, taken.end):
            if number in used:
                yield f"{where}: {number} is reserved, but it is {used[number]}"


def enum_differences(where, ours, theirs):
    known = by_name(theirs.value)
    for value in ours.value:
        if value.name not in known:
            yield f"{where}.{value.name} does not exist"
        elif value.number != known[value.name].number:
            yield f"{where}.{value.name}: {value.number}, not {known[value.name].number}"


def service_differences(where, ours, theirs):
    known = by_name(theirs.method)
    for rpc in ours.method:
        other = known.get(rpc.name)
        if other is None:
            yield f"{where}.{rpc.name} does not exist"
            continue
        mine, yours = ((method.input_type, method.output_type, method.client_streaming,
                        method.server_streaming) for method in (rpc, other))
        if mine != yours:
            yield f"{where}.{rpc.name}: {mine}, not {yours}"


class DescriptorSubset(unittest.TestCase):
    def test_every_file_is_a_subset_of_the_real_one(self):
        for file in our_files():
            with self.subTest(file.name):
                self.assertEqual(list(differences(file, their_file(file.name))), [])

    def test_a_field_enum_value_or_rpc_that_differs_is_seen(self):
        """The comparison itself can fail, in each of its parts."""
        real = their_file("bosdyn/api/payload_registration.proto")
        changes = {
            "number": lambda file: setattr(file.message_type[0].field[0], "number", 99),
            "type": lambda file: setattr(file.message_type[0].field[0], "type", FIELD.TYPE_INT32),
            "label": lambda file: setattr(file.message_type[0].field[0], "label",
                                          FIELD.LABEL_REPEATED),
            "name": lambda file: setattr(file.message_type[0].field[0], "name", "other"),
            "message": lambda file: setattr(file.message_type[0], "name", "Other"),
            "package": lambda file: setattr(file, "package", "other"),
            "reserved": lambda file: file.message_type[0].reserved_range.add(start=1, end=2),
            "oneof": lambda file: (file.message_type[0].oneof_decl.add(name="other"),
                                   setattr(file.message_type[0].field[0], "oneof_index", 0)),
        }
        for name, change in changes.items():
            with self.subTest(name):
                changed = descriptor_pb2.FileDescriptorProto()
                changed.CopyFrom(real)
                change(changed)
                self.assertNotEqual(list(differences(changed, real)), [])
        service = their_file("bosdyn/api/payload_registration_service.proto")
        changed = descriptor_pb2.FileDescriptorProto()
        changed.CopyFrom(service)
        changed.service[0].method[0].output_type = ".bosdyn.api.Payload"
        self.assertNotEqual(list(differences(changed, service)), [])
        enum = next(nested for message in real.message_type for nested in message.enum_type)
        changed_enum = type(enum)()
        changed_enum.CopyFrom(enum)
        changed_enum.value[0].number = 77
        self.assertNotEqual(list(enum_differences("", changed_enum, enum)), [])


if __name__ == "__main__":
    unittest.main()

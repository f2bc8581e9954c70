# Run at build time: writes the bytes of INPUT, with its ENCODING, as a C file OUTPUT.
file(READ "${INPUT}" bytes HEX)
if(bytes STREQUAL "")
  message(FATAL_ERROR "${INPUT} is empty: it must hold a payload definition")
endif()
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE "${OUTPUT}"
"#include \"payload_plugin/definition.h\"
static const unsigned char definition[] = {${bytes}};
const payload_plugin_bytes payload_plugin_definition = {(const char*)definition, sizeof(definition)};
const uint32_t payload_plugin_definition_encoding = ${ENCODING};
")

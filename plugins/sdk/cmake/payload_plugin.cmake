# Builds a payload plugin, NAME.so:
#
#   payload_manager_add_plugin(NAME acme_lamp DEFINITION lamp.textproto PAYLOAD_ID acme.lamp)
#   payload_manager_add_plugin(NAME acme_lidar SOURCES lidar.cc [DEFINITION lidar.textproto])
#
# The first form needs no code at all. In the second, code that includes payload_plugin/definition.h
# finds the file's bytes in `payload_plugin_definition`. The extension of the file tells how it is
# written: .textproto, .txtpb, .pbtxt; .json; .binpb, .pb.
#
# The library is put into OUTPUT_DIRECTORY, else PAYLOAD_MANAGER_PLUGIN_OUTPUT_DIRECTORY, else
# <build>/plugins. Needs the language C, and C++ only for C++ sources; nothing else.

function(payload_manager_add_plugin)
  set(sdk "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/..")
  cmake_parse_arguments(ARG "" "NAME;DEFINITION;PAYLOAD_ID;OUTPUT_DIRECTORY" "SOURCES" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR ARG_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "payload_manager_add_plugin: cannot use "
                        "'${ARG_UNPARSED_ARGUMENTS}${ARG_KEYWORDS_MISSING_VALUES}'")
  endif()
  if(NOT ARG_NAME)
    message(FATAL_ERROR "payload_manager_add_plugin: NAME is missing")
  endif()
  set(where "payload_manager_add_plugin(NAME ${ARG_NAME})")
  if(ARG_SOURCES AND ARG_PAYLOAD_ID)
    message(FATAL_ERROR "${where}: with SOURCES the code offers the payload id, not PAYLOAD_ID")
  elseif(NOT ARG_SOURCES AND NOT (ARG_DEFINITION AND ARG_PAYLOAD_ID))
    message(FATAL_ERROR "${where}: give SOURCES, or DEFINITION and PAYLOAD_ID")
  endif()

  if(NOT CMAKE_C_COMPILER)
    message(FATAL_ERROR "${where}: needs the language C: write project(... C CXX)")
  endif()

  set(sources ${ARG_SOURCES})
  if(NOT ARG_SOURCES)
    if(NOT ARG_PAYLOAD_ID MATCHES "^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+$")
      message(FATAL_ERROR "${where}: PAYLOAD_ID '${ARG_PAYLOAD_ID}' is not vendor.product "
                          "of letters, digits, '.', '-' and '_'")
    endif()
    list(APPEND sources "${sdk}/src/definition_only.c")
  endif()
  if(ARG_DEFINITION)
    _payload_plugin_embed("${where}" "${ARG_NAME}" "${ARG_DEFINITION}" embedded)
    list(APPEND sources "${embedded}")
  endif()

  add_library(${ARG_NAME} MODULE ${sources})
  target_include_directories(${ARG_NAME} PRIVATE "${sdk}/include")
  target_compile_features(${ARG_NAME} PRIVATE c_std_11)
  if(CMAKE_CXX_COMPILER_ID)
    target_compile_features(${ARG_NAME} PRIVATE cxx_std_17)
  endif()
  if(ARG_PAYLOAD_ID)
    target_compile_definitions(${ARG_NAME} PRIVATE "PAYLOAD_ID=\"${ARG_PAYLOAD_ID}\"")
  endif()

  # Nothing but the entry is visible, nothing keeps the library from being unmapped (GCC marks
  # statics of inline functions unique for the process), and what is missing is missed at link time.
  set(version_script "${sdk}/cmake/payload_plugin.version")
  set_target_properties(${ARG_NAME} PROPERTIES
    PREFIX "" SUFFIX ".so"
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON
    LINK_DEPENDS "${version_script}")
  target_compile_options(${ARG_NAME} PRIVATE
    $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-fno-gnu-unique>)
  target_link_options(${ARG_NAME} PRIVATE "LINKER:--version-script=${version_script}")
  get_directory_property(directory_link_options LINK_OPTIONS)
  if(NOT "${directory_link_options} ${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize")
    # A sanitizer's own functions come from the program that loads the plugin.
    target_link_options(${ARG_NAME} PRIVATE "LINKER:-z,defs")
  endif()

  if(NOT ARG_OUTPUT_DIRECTORY)
    set(ARG_OUTPUT_DIRECTORY "${PAYLOAD_MANAGER_PLUGIN_OUTPUT_DIRECTORY}")
  endif()
  if(NOT ARG_OUTPUT_DIRECTORY)
    set(ARG_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/plugins")
  endif()
  set_target_properties(${ARG_NAME} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${ARG_OUTPUT_DIRECTORY}")
endfunction()

# Sets `result` to a C file, written when building, that holds the bytes of `definition`.
function(_payload_plugin_embed where name definition result)
  get_filename_component(definition "${definition}" ABSOLUTE)
  if(NOT EXISTS "${definition}")
    message(FATAL_ERROR "${where}: there is no definition ${definition}")
  endif()
  get_filename_component(extension "${definition}" LAST_EXT)
  if(extension MATCHES "^\\.(textproto|txtpb|pbtxt)$")
    set(encoding PAYLOAD_PLUGIN_ENCODING_TEXT)
  elseif(extension STREQUAL ".json")
    set(encoding PAYLOAD_PLUGIN_ENCODING_JSON)
  elseif(extension MATCHES "^\\.(binpb|pb)$")
    set(encoding PAYLOAD_PLUGIN_ENCODING_BINARY)
  else()
    message(FATAL_ERROR "${where}: the extension of ${definition} does not say how it is written; "
                        "use .textproto, .json or .binpb")
  endif()
  set(script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed_definition.cmake")
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}_definition.c")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DINPUT=${definition}" "-DOUTPUT=${output}"
            "-DENCODING=${encoding}" -P "${script}"
    DEPENDS "${definition}" "${script}" VERBATIM)
  set(${result} "${output}" PARENT_SCOPE)
endfunction()

# SPDX-License-Identifier: Apache-2.0
#
# dalate_add_plugin(<id>
#     MANIFEST plugin.json            its "id" must be <id>
#     [SOURCES a.cpp ...]             none: a plugin of declarations alone
#     [ASSETS cases data ...]         folders beside the manifest; those that do not exist are passed over
#     [OUTPUT <dir>])                 where the plugin is gathered; default ${CMAKE_BINARY_DIR}/plugins
#
# Builds the target <id>: the plugin, whole, in ${CMAKE_BINARY_DIR}/plugins/<id>/, which is what the runtime loads:
#     plugin.json  bin/<triplet>/plugin.so  cases/ forms/ lists/ rules/ data/ migrations/ templates/ i18n/ static/
# The library's own target is <id>-library.

set(DALATE_PLUGIN_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})

function(dalate_add_plugin id)
    cmake_parse_arguments(ARG "" "MANIFEST;OUTPUT" "SOURCES;ASSETS" ${ARGN})
    if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_MANIFEST)
        message(FATAL_ERROR "dalate_add_plugin(${id}): MANIFEST is needed; not understood: ${ARG_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT ARG_OUTPUT)
        set(ARG_OUTPUT ${CMAKE_BINARY_DIR}/plugins)
    endif()
    set(folder ${ARG_OUTPUT}/${id})
    get_filename_component(manifest ${ARG_MANIFEST} ABSOLUTE)
    get_filename_component(home ${manifest} DIRECTORY)
    file(READ ${manifest} text)
    string(JSON declared ERROR_VARIABLE fault GET "${text}" id)
    if(NOT fault AND NOT declared STREQUAL id)
        message(FATAL_ERROR "dalate_add_plugin(${id}): ${manifest} says its id is '${declared}'")
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})

    # One copy command a file: an edited template is gathered again by itself, and only it.
    set(gathered)
    set(wanted plugin.json)
    foreach(asset IN LISTS ARG_ASSETS)
        file(GLOB_RECURSE files RELATIVE ${home} CONFIGURE_DEPENDS ${home}/${asset}/*)
        list(APPEND wanted ${files})
    endforeach()
    foreach(file IN LISTS wanted)
        set(source ${home}/${file})
        if(file STREQUAL "plugin.json")
            set(source ${manifest})
        endif()
        add_custom_command(
            OUTPUT ${folder}/${file}
            COMMAND ${CMAKE_COMMAND} -E copy ${source} ${folder}/${file}
            DEPENDS ${source}
            COMMENT "Gathering ${id}/${file}")
        list(APPEND gathered ${folder}/${file})
    endforeach()
    # A file that has left the source leaves the gathered folder too.
    file(GLOB_RECURSE present RELATIVE ${folder} ${folder}/*)
    foreach(file IN LISTS present)
        if(NOT file IN_LIST wanted AND NOT file MATCHES "^bin/")
            file(REMOVE ${folder}/${file})
        endif()
    endforeach()
    add_custom_target(${id} ALL DEPENDS ${gathered})

    if(ARG_SOURCES)
        add_library(${id}-library MODULE ${ARG_SOURCES})
        target_link_libraries(${id}-library PRIVATE dalate::sdk)
        dalate_plugin_properties(${id}-library ${folder})
        add_dependencies(${id} ${id}-library)
    endif()
endfunction()

# The compiler's and the linker's part of the plugin boundary, for a library target gathered in `folder`.
function(dalate_plugin_properties target folder)
    set(triplet ${CMAKE_LIBRARY_ARCHITECTURE})
    if(NOT triplet)
        set(triplet ${CMAKE_SYSTEM_PROCESSOR}-linux-gnu)
    endif()
    set_target_properties(${target} PROPERTIES
        PREFIX "" OUTPUT_NAME plugin SUFFIX .so NO_SONAME ON
        LIBRARY_OUTPUT_DIRECTORY ${folder}/bin/${triplet}
        CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
        CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
        POSITION_INDEPENDENT_CODE ON
        SKIP_BUILD_RPATH ON
        LINK_DEPENDS ${DALATE_PLUGIN_CMAKE_DIR}/plugin.map)
    # A unique symbol would pin the library and be shared with other plugins.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
    target_link_options(${target} PRIVATE
        -Wl,--version-script=${DALATE_PLUGIN_CMAKE_DIR}/plugin.map
        -Wl,-z,now -Wl,-z,relro -Wl,-z,noexecstack -Wl,--exclude-libs,ALL -Wl,--as-needed)
    # Clang leaves the sanitizers' symbols to the executable, so there nothing may insist on finding them here.
    if(NOT (CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND "${CMAKE_CXX_FLAGS} ${DALATE_SANITIZE}" MATCHES "address|undefined|thread|-fsanitize"))
        target_link_options(${target} PRIVATE -Wl,-z,defs)
    endif()
endfunction()

# SPDX-License-Identifier: Apache-2.0
# Two plugins, built with the SDK, that PluginHostTest loads: `worker` has jobs and provides a service, `asker` uses it.
find_package(dalate-sdk 0.1 CONFIG REQUIRED)
foreach(id worker asker)
    dalate_add_plugin(${id} SOURCES ${CMAKE_CURRENT_LIST_DIR}/plugins/${id}/${id}.cpp
                      MANIFEST ${CMAKE_CURRENT_LIST_DIR}/plugins/${id}/plugin.json
                      ASSETS migrations i18n templates OUTPUT ${CMAKE_BINARY_DIR}/host-plugins)
    add_dependencies(unit_host ${id})
endforeach()

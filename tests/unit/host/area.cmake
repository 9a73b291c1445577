# SPDX-License-Identifier: Apache-2.0
# Plugins, built with the SDK, that PluginHostTest loads: `worker` has jobs and provides a service, `asker` uses it.
find_package(dalate-sdk 0.2 CONFIG REQUIRED)
foreach(id worker asker)
    dalate_add_plugin(${id} SOURCES ${CMAKE_CURRENT_LIST_DIR}/plugins/${id}/${id}.cpp
                      MANIFEST ${CMAKE_CURRENT_LIST_DIR}/plugins/${id}/plugin.json
                      ASSETS migrations i18n templates OUTPUT ${CMAKE_BINARY_DIR}/host-plugins)
    add_dependencies(unit_host ${id})
endforeach()

# PluginCallsTest's: guards, side effects and an event.
dalate_add_plugin(mover SOURCES ${CMAKE_CURRENT_LIST_DIR}/plugins/mover/mover.cpp
                  MANIFEST ${CMAKE_CURRENT_LIST_DIR}/plugins/mover/plugin.json
                  ASSETS cases migrations i18n OUTPUT ${CMAKE_BINARY_DIR}/case-plugins)
add_dependencies(unit_host mover)

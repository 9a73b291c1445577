# SPDX-License-Identifier: Apache-2.0
# The version stands in abi.h alone. While the major is 0 the minor must be equal; afterwards a newer SDK serves an
# older request of the same major.
if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/../include/dalate/abi.h)
    set(_abi ${CMAKE_CURRENT_LIST_DIR}/../include/dalate/abi.h)
else()
    set(_abi ${CMAKE_CURRENT_LIST_DIR}/../../../include/dalate/abi.h)
endif()
file(STRINGS ${_abi} _line REGEX "^#define DALATE_SDK_VERSION ")
string(REGEX REPLACE "^.*\"([0-9.]+)\".*$" "\\1" PACKAGE_VERSION "${_line}")
string(REGEX MATCH "^([0-9]+)\\.([0-9]+)" _majorMinor "${PACKAGE_VERSION}")
set(_major ${CMAKE_MATCH_1})
set(_minor ${CMAKE_MATCH_2})

set(PACKAGE_VERSION_COMPATIBLE FALSE)
if(NOT PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION AND PACKAGE_FIND_VERSION_MAJOR EQUAL _major)
    if(_major GREATER 0 OR PACKAGE_FIND_VERSION_MINOR EQUAL _minor)
        set(PACKAGE_VERSION_COMPATIBLE TRUE)
    endif()
endif()
if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
    set(PACKAGE_VERSION_EXACT TRUE)
endif()

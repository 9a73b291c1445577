# SPDX-License-Identifier: Apache-2.0
# Debian's libkainjow-mustache-dev ships no CMake package file. Defines Mustache::mustache (headers only).
find_path(MUSTACHE_INCLUDE_DIR kainjow/mustache.hpp)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Mustache REQUIRED_VARS MUSTACHE_INCLUDE_DIR)
if(Mustache_FOUND AND NOT TARGET Mustache::mustache)
    add_library(Mustache::mustache INTERFACE IMPORTED)
    target_include_directories(Mustache::mustache SYSTEM INTERFACE ${MUSTACHE_INCLUDE_DIR})
endif()

# SPDX-License-Identifier: Apache-2.0
# Works where it stands: in the source tree (sdk/cmake) and installed (lib/cmake/dalate-sdk). Defines dalate::sdk
# (headers only) and dalate_add_plugin().
set(DALATE_SDK_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})
if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/../include/dalate/abi.h)
    get_filename_component(DALATE_SDK_INCLUDE_DIR ${CMAKE_CURRENT_LIST_DIR}/../include ABSOLUTE)
else()
    get_filename_component(DALATE_SDK_INCLUDE_DIR ${CMAKE_CURRENT_LIST_DIR}/../../../include ABSOLUTE)
endif()

if(NOT TARGET dalate::sdk)
    add_library(dalate::sdk INTERFACE IMPORTED)
    target_include_directories(dalate::sdk INTERFACE ${DALATE_SDK_INCLUDE_DIR})
    target_compile_features(dalate::sdk INTERFACE cxx_std_17)
endif()

include(${CMAKE_CURRENT_LIST_DIR}/DalatePlugin.cmake)

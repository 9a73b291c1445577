# SPDX-License-Identifier: Apache-2.0
# Debian's libcppunit-dev ships no CMake package file. Defines CppUnit::cppunit.
find_path(CPPUNIT_INCLUDE_DIR cppunit/TestCase.h)
find_library(CPPUNIT_LIBRARY cppunit)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CppUnit REQUIRED_VARS CPPUNIT_INCLUDE_DIR CPPUNIT_LIBRARY)
if(CppUnit_FOUND AND NOT TARGET CppUnit::cppunit)
    add_library(CppUnit::cppunit UNKNOWN IMPORTED)
    set_target_properties(CppUnit::cppunit PROPERTIES IMPORTED_LOCATION ${CPPUNIT_LIBRARY})
    target_include_directories(CppUnit::cppunit SYSTEM INTERFACE ${CPPUNIT_INCLUDE_DIR})
endif()

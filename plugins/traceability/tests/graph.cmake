# SPDX-License-Identifier: Apache-2.0
# Tests of the trace graph, the findings and the drawing: pure code, no database. Inside the tree only.
if(DALATE_TESTS AND TARGET dalate_base)
    find_package(CppUnit REQUIRED)
    file(GLOB traceability_graph_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/../src/trace/*.cpp
         ${CMAKE_CURRENT_LIST_DIR}/../src/story/TemperatureRecord.cpp)
    file(GLOB traceability_graph_tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/graph/*Test.cpp)
    add_executable(traceability_graph_test ${traceability_graph_sources} ${traceability_graph_tests})
    set_target_properties(traceability_graph_test PROPERTIES CXX_STANDARD 17)
    target_include_directories(traceability_graph_test PRIVATE ${CMAKE_CURRENT_LIST_DIR}/../src ${CMAKE_CURRENT_LIST_DIR}/graph)
    target_link_libraries(traceability_graph_test PRIVATE dalate::sdk dalate_test_main)
    add_test(NAME traceability_graph COMMAND traceability_graph_test)
    set_tests_properties(traceability_graph PROPERTIES LABELS unit)
endif()

# SPDX-License-Identifier: Apache-2.0
target_link_libraries(unit_services_files PRIVATE dalate_support)
add_dependencies(unit_services_files dalate-picture)

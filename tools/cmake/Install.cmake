# What `cmake --install` puts where, and the CMake package `payload_manager` that finds it again:
#
#   find_package(payload_manager 0.1 REQUIRED)
#   target_link_libraries(my_program PRIVATE payload_manager::payload_manager)
#   target_link_libraries(my_test PRIVATE payload_manager::mock_robot
#                                         payload_manager::mock_robot_gtest)
#   payload_manager_add_plugin(NAME acme_lamp DEFINITION lamp.textproto PAYLOAD_ID acme.lamp)
#
# Our generated headers go to a folder of their own: Boston Dynamics' SDK installs some of the same
# names.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# A library that an installed one links must be named here too; CMake says which is missing.
install(TARGETS
    payload_manager payload_manager_base payload_manager_client payload_manager_compare
    payload_manager_definition payload_manager_grpc_adapter payload_manager_plugin
    payload_manager_rpc payload_manager_schedule payload_manager_session protos
    mock_robot mock_robot_gtest mock_robot_identity mock_robot_process mock_robot_rules
    mock_robot_services mock_robot_store
  EXPORT payload_manager-targets)
install(TARGETS mock-robot payloadctl payload-host)
install(TARGETS core_io gas_sensor lidar DESTINATION "${CMAKE_INSTALL_LIBDIR}/payload_manager/plugins")

install(DIRECTORY core/include/payload_manager mock_robot/include/mock_robot TYPE INCLUDE
        FILES_MATCHING PATTERN "*.h")
install(DIRECTORY "${PROJECT_BINARY_DIR}/protos/generated/"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/payload_manager_protos"
        FILES_MATCHING PATTERN "*.h")
install(DIRECTORY plugins/sdk/include plugins/sdk/src plugins/sdk/cmake
        DESTINATION "${CMAKE_INSTALL_DATADIR}/payload_manager/sdk")

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/payload_manager")
set(sdk_dir "${CMAKE_INSTALL_DATADIR}/payload_manager/sdk")
configure_package_config_file(tools/cmake/payload_manager-config.cmake.in
  "${PROJECT_BINARY_DIR}/payload_manager-config.cmake"
  INSTALL_DESTINATION "${package_dir}" PATH_VARS sdk_dir)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/payload_manager-config-version.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/payload_manager-config.cmake"
              "${PROJECT_BINARY_DIR}/payload_manager-config-version.cmake"
        DESTINATION "${package_dir}")
install(EXPORT payload_manager-targets NAMESPACE payload_manager:: DESTINATION "${package_dir}")

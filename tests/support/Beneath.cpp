// SPDX-License-Identifier: Apache-2.0
#include "support/Beneath.h"

#include <stdexcept>

#include <sqlite3.h>

namespace dalate::testing {

void beneath(const std::filesystem::path& data, const std::string& sql) {
    sqlite3* database = nullptr;
    const std::string file = (data / "dalate.db").string();
    int result = sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr);
    if (result == SQLITE_OK) {
        sqlite3_busy_timeout(database, 5000);
        result = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
    }
    const std::string fault = sqlite3_errmsg(database);
    sqlite3_close(database);
    if (result != SQLITE_OK) throw std::runtime_error("beneath the daemon: " + fault);
}

} // namespace dalate::testing

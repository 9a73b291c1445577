// SPDX-License-Identifier: Apache-2.0
#include "services/notices/SmsFile.h"

#include "base/Json.h"
#include "base/Result.h"

#include <fcntl.h>
#include <unistd.h>

namespace dalate::services::notices {

void SmsFile::deliver(const Letter& letter) {
    const Value record = Value::map([&](MapWriter& m) {
        m.set("id", letter.id).set("to", letter.to).set("text", letter.subject + "：" + letter.text);
    });
    const std::string line = json::write(record) + "\n";
    const int file = ::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    const bool written = file >= 0 &&
                         ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                         ::fdatasync(file) == 0;
    if (file >= 0) ::close(file);
    if (!written)
        throw Error(503, "core.notice.sms_file",
                    Value::map([&](MapWriter& m) { m.set("file", file_.string()); }));
}

} // namespace dalate::services::notices

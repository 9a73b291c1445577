// SPDX-License-Identifier: Apache-2.0
#include "support/Daemon.h"

#include "base/Json.h"
#include "support/Client.h"

#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>

#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dalate::testing {

namespace {

std::string readAll(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// A port that was free a moment ago: the listening socket is closed again before the daemon binds it. Below the
/// range from which the kernel gives ports to outgoing connections, or one of those might take it meanwhile.
std::uint16_t freePort() {
    static std::mt19937 random{std::random_device{}()};
    for (int tries = 0; tries < 1000; ++tries) {
        const auto port = static_cast<std::uint16_t>(12000 + random() % 20000);
        try {
            Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", port));
            return port;
        } catch (const Poco::Net::NetException&) {
            // Somebody listens there.
        }
    }
    throw std::runtime_error("no free port between 12000 and 31999");
}

} // namespace

TemporaryFolder::TemporaryFolder() {
    std::string shape = (std::filesystem::temp_directory_path() / "dalate-test-XXXXXX").string();
    if (!::mkdtemp(shape.data())) throw std::system_error(errno, std::generic_category(), shape);
    path_ = shape;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Daemon::Daemon(Options options, std::filesystem::path data) : options_(std::move(options)), data_(std::move(data)) {
    std::filesystem::create_directories(data_);
    const std::uint16_t port = freePort();
    const std::uint16_t operatorPort = freePort();
    url_ = "http://127.0.0.1:" + std::to_string(port);
    operatorUrl_ = "http://127.0.0.1:" + std::to_string(operatorPort);
    std::vector<std::string> words{options_.binary.string(), options_.command,
                                   "--data", data_.string(),
                                   "--share", options_.share.string(),
                                   "--plugins", options_.plugins.string(),
                                   "--port", std::to_string(port),
                                   "--set", "listen.operator=127.0.0.1:" + std::to_string(operatorPort)};
    for (const std::string& setting : options_.settings) {
        words.push_back("--set");
        words.push_back(setting);
    }
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    const std::filesystem::path logFile = data_ / "dalate.log";
    const int log = ::open(logFile.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    pid_ = ::fork();
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (pid_ == 0) {
        ::dup2(log, STDERR_FILENO);
        ::dup2(log, STDOUT_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(log);
    for (int tries = 0; tries < 600; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            break;
        }
        try {
            if (Client(url_).get("/readyz").status == 200) return;
        } catch (const std::exception&) {
            // Not listening yet.
        }
    }
    kill();
    throw std::runtime_error("the daemon did not become ready:\n" + this->log());
}

Daemon::~Daemon() { kill(); }

Value Daemon::access() const { return json::parse(readAll(data_ / "demo-access.json")).take(); }

std::string Daemon::log() const {
    const std::string whole = readAll(data_ / "dalate.log");
    return whole.size() > 8000 ? whole.substr(whole.size() - 8000) : whole;
}

void Daemon::kill() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

int Daemon::stop() {
    if (pid_ < 0) return -1;
    ::kill(pid_, SIGTERM);
    for (int tries = 0; tries < 800; ++tries) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return -1;
}

Daemon::Options Daemon::built() {
    Options options;
    const std::filesystem::path build = DALATE_BINARY_DIR;
    options.binary = build / "runtime/dalate";
    options.share = DALATE_SOURCE_DIR;
    options.plugins = build / "plugins";
    return options;
}

} // namespace dalate::testing

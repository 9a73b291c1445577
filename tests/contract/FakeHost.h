// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin/Lifecycle.h"
#include "storage/Pool.h"

#include <dalate/abi.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

/// The fake host's call: a request with headers in, an answer out.
struct dalate_call {
    std::function<std::string(std::string_view)> header;
    std::map<std::string, std::string> kept; // what was handed out, until the call ends
    int status = 0;
    std::string body;
    std::string headers;
    std::string messageId;
    std::string details;
};

struct dalate_host {
    class FakeHost* all = nullptr;
    std::string plugin;
};

/// As much of a host as the zoo needs: log, header, reply and fail; every other entry answers 500.
class FakeHost : public dalate::plugin::HostPort {
public:
    explicit FakeHost(dalate::storage::Pool& pool) : pool_(pool) {}

    void attach(dalate::plugin::Invoke& invoke) { invoke_ = &invoke; }

    const dalate_host_v1* table() noexcept override;
    bool offers(std::string_view service) const override { return service == "jobs/1"; }
    std::unique_ptr<dalate::plugin::HostPlace> open(const dalate::plugin::Manifest& manifest,
                                                    const std::filesystem::path& folder) override;
    void install(const dalate::plugin::Manifest& manifest, dalate::plugin::HostPlace& place,
                 const std::filesystem::path& folder) override;
    std::optional<dalate::Error> start(const dalate::plugin::Generation& generation) override;
    void published(const std::shared_ptr<const dalate::plugin::Snapshot>&) noexcept override {
        ++publications;
    }

    /// "plugin message" of each log line of a plugin.
    std::vector<std::string> logged() const;
    void note(const std::string& line);

    std::atomic<int> publications{0};

private:
    dalate::storage::Pool& pool_;
    dalate::plugin::Invoke* invoke_ = nullptr;
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

/// A data folder, a database and a lifecycle over some plugin folders, gone with their owner.
class House {
public:
    struct Options {
        std::vector<std::filesystem::path> plugins;
        std::filesystem::path data{}; ///< empty: a fresh one that is removed at the end
        std::chrono::milliseconds drain{2000};
    };
    explicit House(Options options);
    ~House();
    House(const House&) = delete;
    House& operator=(const House&) = delete;

    /// Enables and waits; the state it ends in.
    dalate::plugin::PluginStatus enable(std::string_view plugin);
    dalate::plugin::PluginStatus disable(std::string_view plugin);
    dalate::plugin::PluginStatus status(std::string_view plugin) const;
    /// "state step id@where id@where …"
    std::string told(std::string_view plugin) const;
    /// Waits until the plugin is in the state; whether it came.
    bool comesTo(std::string_view plugin, dalate::plugin::State state, std::chrono::milliseconds most) const;

    /// One request of `GET /<plugin>` through route table, lease and Invoke: "200 body" or "409 zoo.taken
    /// {…}".
    std::string get(std::string_view plugin, std::string_view wish = {}, const std::function<bool()>& go = {},
                    std::string_view requestId = "test");

    const std::filesystem::path& data() const { return data_; }

private:
    std::filesystem::path data_;
    bool ownsData_;
    std::unique_ptr<dalate::storage::Pool> pool_;

public:
    std::unique_ptr<FakeHost> host;
    std::unique_ptr<dalate::plugin::Lifecycle> lifecycle;
};

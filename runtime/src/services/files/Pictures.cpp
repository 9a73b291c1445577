// SPDX-License-Identifier: Apache-2.0
#include "services/files/Pictures.h"

#include "base/Log.h"
#include "base/Result.h"
#include "services/files/LimitedChild.h"

#include <chrono>

namespace dalate::services::files {

namespace {

// What dalate-picture ends with when it is the picture's fault.
constexpr int badPicture = 3;
constexpr std::chrono::seconds queueTime{20};

Error busy() {
    return Error(503, "core.file.busy");
}

} // namespace

Pictures::Made Pictures::run(std::string_view task, std::string_view picture) const {
    if (options_.program.empty()) return {};
    if (!places_.try_acquire_for(queueTime)) return {};
    struct Place {
        std::counting_semaphore<2>& places;
        ~Place() { places.release(); }
    } const place{places_};
    ChildLimits limits;
    // Input, four octets a pixel twice (drawn and turned), output.
    limits.memory = (std::uint64_t{256} << 20) + picture.size() + options_.maxPixels * 8;
    limits.output = std::uint64_t{256} << 20;
    limits.processorSeconds = 20;
    limits.time = std::chrono::milliseconds(30000);
    ChildAnswer answer = runLimited(
        options_.program,
        {std::string(task), std::to_string(options_.maxPixels), std::to_string(options_.thumbSide)}, picture,
        limits);
    if (answer.code < 0 || answer.code == 127)
        log::warning("core.file.picture_program", Value::map([&](MapWriter& m) {
                         m.set("program", options_.program.string()).set("code", answer.code);
                     }));
    return {answer.code, std::move(answer.output)};
}

std::string Pictures::anew(std::string_view picture) const {
    Made made = run("anew", picture);
    if (made.code == 0 && !made.bytes.empty()) return std::move(made.bytes);
    // A decoder that a picture brought down is that picture's fault too; only a program that is not there is
    // ours.
    if (options_.program.empty() || made.code == 127 || !std::filesystem::exists(options_.program))
        throw busy();
    if (made.code == badPicture || made.code < 0) throw Error(422, "core.file.content");
    throw busy();
}

std::string Pictures::thumb(std::string_view picture) const {
    return std::move(run("thumb", picture).bytes);
}

std::string firstPage(const std::filesystem::path& pdftoppm, std::string_view pdf, unsigned side) {
    if (pdftoppm.empty() || !std::filesystem::exists(pdftoppm)) return {};
    ChildLimits limits;
    limits.reach = Reach::systemOnly;
    limits.output = std::uint64_t{16} << 20;
    ChildAnswer answer = runLimited(
        pdftoppm, {"-png", "-singlefile", "-f", "1", "-l", "1", "-scale-to", std::to_string(side), "-"}, pdf,
        limits);
    return std::move(answer.output);
}

} // namespace dalate::services::files

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dalate/binder.hpp>

// The parts of the service desk. Each binds the names of plugin.json and cases/ticket.json that it answers
// for. None keeps anything between calls, so all run on any thread.

/// What happens to the desk's own row of a ticket when its case moves.
void bindTickets(dalate::Binder& binder);
/// Lending: an asset is free, reserved for a ticket until a lead agrees, then lent to its applicant until it
/// is back.
void bindSpares(dalate::Binder& binder);
/// What the desk has to lend: registered one by one with its papers or brought as a table, and retired.
void bindAssets(dalate::Binder& binder);
/// What has been solved, counted by the listener of the plugin's own event, once each.
void bindTally(dalate::Binder& binder);
/// What machines may do.
void bindApi(dalate::Binder& binder);

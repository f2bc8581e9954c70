#include "store/ticket.h"

#include <utility>

namespace mock_robot {

Ticket::Ticket() noexcept = default;
Ticket::Ticket(std::nullptr_t) noexcept {}
Ticket::Ticket(const Ticket& other) noexcept = default;
Ticket::Ticket(Ticket&& other) noexcept = default;
Ticket& Ticket::operator=(const Ticket& other) noexcept = default;
Ticket& Ticket::operator=(Ticket&& other) noexcept = default;
Ticket::~Ticket() = default;

Ticket::Ticket(std::shared_ptr<Commit> commit) noexcept : commit_(std::move(commit)) {}

}  // namespace mock_robot

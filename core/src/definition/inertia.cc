#include "definition/inertia.h"

#include <algorithm>
#include <cmath>

#include "bosdyn/api/geometry.pb.h"
#include "bosdyn/api/payload.pb.h"

namespace payload_manager {

Triple ToTriple(const bosdyn::api::Vec3& v) { return {v.x(), v.y(), v.z()}; }

Triple PrincipalMoments(const bosdyn::api::MomentOfIntertia& tensor) {
  const double xx = tensor.xx(), yy = tensor.yy(), zz = tensor.zz();
  const double xy = tensor.xy(), xz = tensor.xz(), yz = tensor.yz();
  Matrix3 a = {{{xx, xy, xz}, {xy, yy, yz}, {xz, yz, zz}}};
  // Jacobi's method: turns away one off-diagonal entry after the other. Three sweeps suffice for
  // float input; ten cost nothing.
  for (int sweep = 0; sweep < 10; ++sweep) {
    for (std::size_t p = 0; p < 2; ++p) {
      for (std::size_t q = p + 1; q < 3; ++q) {
        if (a[p][q] == 0) continue;
        const double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const double t = (theta < 0 ? -1.0 : 1.0) / (std::abs(theta) + std::hypot(theta, 1.0));
        const double c = 1 / std::hypot(t, 1.0);
        const double s = t * c;
        for (std::size_t k = 0; k < 3; ++k) {
          const double kp = a[k][p], kq = a[k][q];
          a[k][p] = c * kp - s * kq;
          a[k][q] = s * kp + c * kq;
        }
        for (std::size_t k = 0; k < 3; ++k) {
          const double pk = a[p][k], qk = a[q][k];
          a[p][k] = c * pk - s * qk;
          a[q][k] = s * pk + c * qk;
        }
        a[p][q] = a[q][p] = 0;
      }
    }
  }
  Triple moments = {a[0][0], a[1][1], a[2][2]};
  std::sort(moments.begin(), moments.end());
  return moments;
}

double NormOf(const bosdyn::api::Quaternion& q) {
  return std::hypot(std::hypot(q.x(), q.y()), std::hypot(q.z(), q.w()));
}

Matrix3 RotationOf(const bosdyn::api::Quaternion& q) {
  const double x = q.x(), y = q.y(), z = q.z(), w = q.w();
  return {{{1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)},
           {2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)},
           {2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)}}};
}

Triple Rotate(const Matrix3& rotation, const Triple& v) {
  Triple result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) result[i] += rotation[i][k] * v[k];
  }
  return result;
}

Triple RotateBack(const Matrix3& rotation, const Triple& v) {
  Triple result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) result[i] += rotation[k][i] * v[k];
  }
  return result;
}

Matrix3 Multiply(const Matrix3& a, const Matrix3& b) {
  Matrix3 result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t j = 0; j < 3; ++j) result[i][k] += a[i][j] * b[j][k];
    }
  }
  return result;
}

}  // namespace payload_manager

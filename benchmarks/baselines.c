/* Three models by hand, as fast as a compiler makes them: columns in the inner loop, so that it
 * works on several at once and takes exp from the vector library. Each function advances n columns
 * by n_steps, writes (step, column) of every spike and returns how many there were.
 *
 * Parameters stand as numbers, as whoever writes such a program would have them. */
#include <math.h>
#include <stddef.h>

static long note(const unsigned char *fired, long n, long k, int *spikes, long count)
{
    for (long i = 0; i < n; i++)
        if (fired[i]) {
            spikes[2 * count] = (int)(k + 1);
            spikes[2 * count + 1] = (int)i;
            count++;
        }
    return count;
}

/* Brette and Gerstner 2005; pF, nS, mV, ms, pA; current in nA */
long adex(long n, long n_steps, double dt, const double *current, double *V, double *w,
          unsigned char *fired, int *spikes)
{
    const double C = 281.0, g_L = 30.0, E_L = -70.6, V_T = -50.4, D = 2.0, tau_w = 144.0, a = 4.0;
    long count = 0;
    for (long k = 0; k < n_steps; k++) {
        int any = 0;
        for (long i = 0; i < n; i++) {
            double v = V[i], x = w[i];
            double up = g_L * D * exp((v - V_T) / D);
            double v_new = v + dt * (-g_L * (v - E_L) + up - x + 1000.0 * current[i]) / C;
            double w_new = x + dt * (a * (v - E_L) - x) / tau_w;
            int spike = v_new >= 20.0;
            V[i] = spike ? E_L : v_new;
            w[i] = spike ? w_new + 80.5 : w_new;
            fired[i] = (unsigned char)spike;
            any |= spike;
        }
        if (any)
            count = note(fired, n, k, spikes, count);
    }
    return count;
}

/* Izhikevich 2003, with one step for both variables */
long izhikevich(long n, long n_steps, double dt, const double *current, double *V, double *u,
                unsigned char *fired, int *spikes)
{
    const double a = 0.02, b = 0.2, c = -65.0, d = 8.0;
    long count = 0;
    for (long k = 0; k < n_steps; k++) {
        int any = 0;
        for (long i = 0; i < n; i++) {
            double v = V[i], x = u[i];
            double v_new = v + dt * (0.04 * v * v + 5.0 * v + 140.0 - x + current[i]);
            double u_new = x + dt * (a * (b * v - x));
            int spike = v_new >= 30.0;
            V[i] = spike ? c : v_new;
            u[i] = spike ? u_new + d : u_new;
            fired[i] = (unsigned char)spike;
            any |= spike;
        }
        if (any)
            count = note(fired, n, k, spikes, count);
    }
    return count;
}

/* Hodgkin and Huxley 1952 at rest at -65 mV; spikes cross 0 mV upward */
long hodgkin_huxley(long n, long n_steps, double dt, const double *current, double *V, double *m,
                    double *h, double *n_K, unsigned char *fired, int *spikes)
{
    long count = 0;
    for (long k = 0; k < n_steps; k++) {
        int any = 0;
        for (long i = 0; i < n; i++) {
            double v = V[i], x = m[i], y = h[i], z = n_K[i];
            double p = v + 40.0, q = v + 55.0;
            double a_m = fabs(p) < 1e-6 ? 1.0 : 0.1 * p / (1.0 - exp(-p / 10.0));
            double a_n = fabs(q) < 1e-6 ? 0.1 : 0.01 * q / (1.0 - exp(-q / 10.0));
            double b_m = 4.0 * exp(-(v + 65.0) / 18.0), b_n = 0.125 * exp(-(v + 65.0) / 80.0);
            double a_h = 0.07 * exp(-(v + 65.0) / 20.0), b_h = 1.0 / (1.0 + exp(-(v + 35.0) / 10.0));
            double I = 120.0 * x * x * x * y * (v - 50.0) + 36.0 * z * z * z * z * (v + 77.0)
                       + 0.3 * (v + 54.387);
            double v_new = v + dt * (current[i] - I);
            m[i] = x + dt * (a_m * (1.0 - x) - b_m * x);
            h[i] = y + dt * (a_h * (1.0 - y) - b_h * y);
            n_K[i] = z + dt * (a_n * (1.0 - z) - b_n * z);
            V[i] = v_new;
            int spike = v < 0.0 && v_new >= 0.0;
            fired[i] = (unsigned char)spike;
            any |= spike;
        }
        if (any)
            count = note(fired, n, k, spikes, count);
    }
    return count;
}
